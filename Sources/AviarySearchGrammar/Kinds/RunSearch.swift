/// Filters and orders of runs.
package enum RunSearch {
    /// Reads a filter; an empty one fits every run.
    ///
    /// `now()` is `now`, in milliseconds since 1970.
    package static func filter(
        _ text: String, dialect: SearchDialect, now: Int64
    ) throws(SearchError) -> SearchTree<RunTest> {
        let tree = try FilterReading.tree(text, dialect, wording: .quoted)
        return try tree.map { (comparison) throws(SearchError) in
            switch dialect {
            case .mlflow: try mlflowTest(comparison)
            case .native: try nativeTest(comparison, now: now)
            }
        }
    }

    /// Reads an order, a key a clause.
    ///
    /// Runs that lack a key come last in either direction; by a metric, those whose value is NaN come before
    /// them.
    package static func order(
        _ clauses: [String], dialect: SearchDialect
    ) throws(SearchError) -> [SearchOrder<RunField>] {
        switch dialect {
        case .mlflow: try SearchOrder.distinct(clauses, mlflowOrderField)
        case .native: try nativeOrder(clauses)
        }
    }

    private static func mlflowOrderField(_ clause: OrderClause) throws(SearchError) -> RunField {
        let key = try mlflowKey(clause.key, clause.source, attributes: attributes)
        if case .field(let field) = key { return field }
        throw SearchError(message: "Invalid identifier type 'dataset'")
    }

    private static func nativeOrder(_ clauses: [String]) throws(SearchError) -> [SearchOrder<RunField>] {
        try SearchLimits.checkOrderClauses(clauses)
        var order: [SearchOrder<RunField>] = []
        for text in clauses {
            let clause = try OrderClause(text, .native)
            guard case .field(let field) = try nativeKey(clause.key, clause.source) else {
                throw clause.key.refusal(in: clause.source, "runs are not ordered by their data sets")
            }
            if order.contains(where: { $0.field == field }) {
                let key = clause.source.shown(clause.key.range)
                throw clause.key.refusal(in: clause.source, "'\(key)' stands in the order already")
            }
            order.append(SearchOrder(field, isAscending: clause.isAscending))
        }
        return order
    }

    /// What stands before an operator.
    enum Key {
        case field(RunField)
        case dataset(DatasetText)
    }

    /// The names of attributes in both dialects.
    static let attributes: [(name: String, field: RunField)] =
        RunText.allCases.map { ($0.rawValue, .text($0)) }
        + RunTime.allCases.map { ($0.rawValue, .time($0)) }
        + [("created", .time(.start)), ("Created", .time(.start))]

    /// The same with what MLflow calls a run's name in filters besides.
    static let mlflowAttributes: [(name: String, field: RunField)] =
        attributes + ["run name", "Run name", "Run Name"].map { ($0, .text(.name)) }
}
