/// Filters and orders of experiments.
package enum ExperimentSearch {
    /// Reads a filter; an empty one fits every experiment.
    ///
    /// `now()` is `now`, in milliseconds since 1970.
    package static func filter(
        _ text: String, dialect: SearchDialect, now: Int64
    ) throws(SearchError) -> SearchTree<ExperimentTest> {
        let tree = try FilterReading.tree(text, dialect, wording: .plain)
        return try tree.map { (comparison) throws(SearchError) in
            switch dialect {
            case .mlflow: try mlflowTest(comparison)
            case .native: try nativeTest(comparison, now: now)
            }
        }
    }

    /// Reads an order, a key a clause.
    package static func order(
        _ clauses: [String], dialect: SearchDialect
    ) throws(SearchError) -> [SearchOrder<ExperimentField>] {
        try SearchLimits.checkOrderClauses(clauses)
        var order: [SearchOrder<ExperimentField>] = []
        for text in clauses {
            let clause = try OrderClause(text, dialect)
            let field = try orderField(clause, dialect)
            // A second key of the same field decides nothing, and MLflow takes it.
            guard !order.contains(where: { $0.field == field }) else { continue }
            order.append(SearchOrder(field, isAscending: clause.isAscending))
        }
        return order
    }

    private static func orderField(
        _ clause: OrderClause, _ dialect: SearchDialect
    ) throws(SearchError) -> ExperimentField {
        let key =
            switch dialect {
            case .mlflow: try mlflowKey(clause.key, clause.source)
            case .native: try nativeKey(clause.key, clause.source)
            }
        if case .field(let field) = key { return field }
        switch dialect {
        case .mlflow: throw SearchError(message: "Invalid order_by entity: tag")
        case .native: throw clause.key.refusal(in: clause.source, "experiments are not ordered by their tags")
        }
    }

    /// What stands before an operator.
    enum Key {
        case field(ExperimentField)
        case tag(String)
    }

    static let idName = "experiment_id"

    /// The names of attributes in both dialects.
    static let attributes: [(name: String, field: ExperimentField)] =
        [("name", .name), (idName, .id)]
        + ExperimentTime.allCases.map { ($0.rawValue, .time($0)) }
}
