/// Filters and orders of runs.
package enum RunSearch {
    /// Reads a filter; an empty one fits every run.
    ///
    /// - Parameter now: Milliseconds since 1970, for `now()`.
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

    /// Reads an order, a key a clause. Runs that lack a key come last in either direction; by a metric, those
    /// whose value is NaN come before them.
    package static func order(
        _ clauses: [String], dialect: SearchDialect
    ) throws(SearchError) -> [SearchOrder<RunField>] {
        try SearchLimits.checkOrderClauses(clauses)
        var order: [SearchOrder<RunField>] = []
        for text in clauses {
            let clause = try OrderClause(text, dialect)
            let field = try orderField(clause, dialect)
            if order.contains(where: { $0.field == field }) {
                throw duplicate(clause, clauses, dialect)
            }
            order.append(SearchOrder(field, isAscending: clause.isAscending))
        }
        return order
    }

    private static func orderField(
        _ clause: OrderClause, _ dialect: SearchDialect
    ) throws(SearchError) -> RunField {
        let field =
            switch dialect {
            case .mlflow: try mlflowField(clause.key, clause.source)
            case .native: try nativeField(clause.key, clause.source)
            }
        guard case .dataset = field else { return field }
        switch dialect {
        case .mlflow: throw SearchError(message: "Invalid order_by entity: dataset")
        case .native: throw clause.key.refusal(in: clause.source, "runs are not ordered by their data sets")
        }
    }

    private static func duplicate(
        _ clause: OrderClause, _ clauses: [String], _ dialect: SearchDialect
    ) -> SearchError {
        switch dialect {
        case .mlflow:
            SearchError(message: "`order_by` contains duplicate fields: \(MLflowWords.list(clauses))")
        case .native:
            clause.key.refusal(in: clause.source, "'\(clause.source.shown(clause.key.range))' stands in the order already")
        }
    }

    /// The names of attributes in both dialects.
    static let attributes: [(name: String, field: RunField)] =
        RunText.allCases.map { ($0.rawValue, .text($0)) }
        + ["run name", "Run name", "Run Name"].map { ($0, .text(.name)) }
        + RunTime.allCases.map { ($0.rawValue, .time($0)) }
        + [("created", .time(.start))]
}
