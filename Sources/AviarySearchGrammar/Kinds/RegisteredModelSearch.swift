/// Filters and orders of registered models, in MLflow's dialect.
package enum RegisteredModelSearch {
    /// Reads a filter; an empty one fits every model.
    package static func filter(_ text: String) throws(SearchError) -> SearchTree<RegisteredModelTest> {
        let tree = try FilterReading.tree(text, .mlflow, wording: .plain)
        return try tree.map(test)
    }

    /// Reads an order, a key a clause; `timestamp` is when a model changed last.
    package static func order(
        _ clauses: [String]
    ) throws(SearchError) -> [SearchOrder<RegisteredModelField>] {
        try ModelRegistrySearch.order(clauses, fields: orderFields)
    }

    private static let orderFields: [(name: String, field: RegisteredModelField)] =
        [("timestamp", .lastUpdate)] + RegisteredModelField.allCases.map { ($0.rawValue, $0) }

    private static func test(_ comparison: Comparison) throws(SearchError) -> RegisteredModelTest {
        switch try ModelRegistrySearch.key(comparison, attributes: ["name"]) {
        case .tag(let key): .tag(key, try ModelRegistrySearch.tag(comparison))
        case .attribute: .name(try ModelRegistrySearch.text(comparison, takesList: true))
        }
    }
}
