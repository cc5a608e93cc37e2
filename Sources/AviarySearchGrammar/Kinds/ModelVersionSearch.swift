/// Filters and orders of model versions, in MLflow's dialect.
package enum ModelVersionSearch {
    /// Reads a filter; an empty one fits every version.
    package static func filter(_ text: String) throws(SearchError) -> SearchTree<ModelVersionTest> {
        let tree = try FilterReading.tree(text, .mlflow, wording: .plain)
        return try tree.map(test)
    }

    /// Reads an order, a key a clause.
    package static func order(
        _ clauses: [String]
    ) throws(SearchError) -> [SearchOrder<ModelVersionField>] {
        try ModelRegistrySearch.order(clauses, fields: ModelVersionField.allCases.map { ($0.rawValue, $0) })
    }

    private static let number = "version_number"

    private static func test(_ comparison: Comparison) throws(SearchError) -> ModelVersionTest {
        let attributes = ModelVersionText.allCases.map(\.rawValue) + [number]
        switch try ModelRegistrySearch.key(comparison, attributes: attributes) {
        case .tag(let key):
            return .tag(key, try ModelRegistrySearch.tag(comparison))
        case .attribute(let name):
            guard let text = ModelVersionText(rawValue: name) else {
                return .number(try ModelRegistrySearch.number(comparison))
            }
            return .text(text, try ModelRegistrySearch.text(comparison, takesList: text != .source))
        }
    }
}
