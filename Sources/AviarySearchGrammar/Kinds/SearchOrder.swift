/// One key of an order; earlier ones weigh more.
package struct SearchOrder<Field: Sendable & Hashable>: Sendable, Hashable {
    package let field: Field
    package let isAscending: Bool

    package init(_ field: Field, isAscending: Bool = true) {
        self.field = field
        self.isAscending = isAscending
    }
}

extension SearchOrder {
    /// Reads the clauses of an order of MLflow's.
    static func mlflow(
        _ clauses: [String], _ field: (OrderClause) throws(SearchError) -> Field
    ) throws(SearchError) -> [SearchOrder] {
        try SearchLimits.checkOrderClauses(clauses)
        var order: [SearchOrder] = []
        for text in clauses {
            let clause = try OrderClause(mlflow: text)
            order.append(SearchOrder(try field(clause), isAscending: clause.isAscending))
        }
        return order
    }

    /// The same where no field may stand twice.
    static func distinct(
        _ clauses: [String], _ field: (OrderClause) throws(SearchError) -> Field
    ) throws(SearchError) -> [SearchOrder] {
        let order = try mlflow(clauses, field)
        guard Set(order.map(\.field)).count == order.count else {
            throw SearchError(message: "`order_by` contains duplicate fields: \(MLflowWords.list(clauses))")
        }
        return order
    }

    /// Reads the clauses of an order of the native language, in which no field may stand twice.
    static func native(
        _ clauses: [OrderClause], _ field: (OrderClause) throws(SearchError) -> Field
    ) throws(SearchError) -> [SearchOrder] {
        var order: [SearchOrder] = []
        for clause in clauses {
            let field = try field(clause)
            if order.contains(where: { $0.field == field }) {
                let key = clause.source.shown(clause.key.range)
                throw clause.key.refusal(in: clause.source, "'\(key)' stands in the order already")
            }
            order.append(SearchOrder(field, isAscending: clause.isAscending))
        }
        return order
    }
}
