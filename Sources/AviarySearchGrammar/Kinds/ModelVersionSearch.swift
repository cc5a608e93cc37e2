/// Filters and orders of model versions.
package enum ModelVersionSearch: ClauseOrderedKind {
    package static var wording: ClauseWording { .plain }

    private static let texts: [(name: String, text: ModelVersionText)] =
        [("name", .name), ("run_id", .runID), ("source_path", .source)]
    private static let number = ModelVersionField.number.rawValue

    package static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> ModelVersionTest {
        let attributes = texts.map(\.name) + [number]
        let key = try MLflowKey(comparison.key, comparison.source, attributes: attributes)
        switch key {
        case .tag(let key):
            return .tag(key, .text(try comparison.mlflowRegistryTag()))
        case .attribute(let index):
            try comparison.refuseMLflowList(unless: texts.filter { $0.text != .source }.map(\.name))
            guard index < texts.count else { return .number(try versionNumber(comparison)) }
            return .text(texts[index].text, try text(comparison))
        }
    }

    private static func text(_ comparison: Comparison) throws(SearchError) -> TextTest {
        let bad = Comparison.badComparator(for: "attribute")
        guard comparison.presence == nil else { throw bad(comparison) }
        guard comparison.value?.number == nil else {
            let numbers = [
                number, ModelVersionField.creation.rawValue, ModelVersionField.lastUpdate.rawValue,
            ]
            throw SearchError(
                message: "Only the '\(MLflowWords.set(numbers))' attributes support comparison with "
                    + "numeric values.")
        }
        let value = try comparison.mlflowTextOrList("attributes")
        let operators = SearchOperator.mlflowText + SearchOperator.lists
        return try comparison.mlflowTest(of: value, operators: operators, else: bad)
    }

    private static func versionNumber(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        let bad = Comparison.badComparator(for: "attribute \(number)")
        return try comparison.mlflowIntegerTest(.wholeOrQuoted, else: bad)
    }

    /// Reads an order of MLflow's, a key a clause.
    package static func mlflowOrder(
        _ clauses: [String]
    ) throws(SearchError) -> [SearchOrder<ModelVersionField>] {
        let fields = ModelVersionField.allCases
        return try SearchOrder.distinct(clauses) { (clause) throws(SearchError) in
            let names = fields.map(\.rawValue)
            switch try MLflowKey(clause.key, clause.source, attributes: names) {
            case .attribute(let index): return fields[index]
            case .tag(let key):
                throw SearchError(
                    message:
                        "Invalid order by key '\(key)' specified. Valid keys are \(MLflowWords.set(names))")
            }
        }
    }
}
