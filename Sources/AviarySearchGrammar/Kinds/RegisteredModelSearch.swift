/// Filters and orders of registered models.
package enum RegisteredModelSearch: ClauseOrderedKind {
    package static var wording: ClauseWording { .plain }

    package static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> RegisteredModelTest {
        switch try MLflowKey(comparison.key, comparison.source, attributes: ["name"]) {
        case .tag(let key):
            return .tag(key, .text(try comparison.mlflowRegistryTag()))
        case .attribute:
            let bad = Comparison.badComparator(for: "attribute")
            guard comparison.presence == nil else { throw bad(comparison) }
            let value = try comparison.mlflowTextOrList(
                "attributes", "value or a list of quoted string values")
            let operators = SearchOperator.mlflowText + SearchOperator.lists
            return .name(try comparison.mlflowTest(of: value, operators: operators, else: bad))
        }
    }

    /// Reads an order of MLflow's, a key a clause; `timestamp` is when a model changed last.
    package static func mlflowOrder(
        _ clauses: [String]
    ) throws(SearchError) -> [SearchOrder<RegisteredModelField>] {
        try SearchOrder.distinct(clauses) { (clause) throws(SearchError) in
            let written = clause.source[clause.key.range]
            switch written {
            case "name": return .name
            case "timestamp", "last_updated_timestamp": return .lastUpdate
            default:
                throw SearchError(
                    message: "Invalid order by key '\(written)' specified. "
                        + "Valid keys are '\(MLflowWords.set(["timestamp", "name"]))'")
            }
        }
    }
}
