/// What filters and orders of registered models and of their versions have in common.
enum ModelRegistrySearch {
    enum Key {
        case attribute(String)
        case tag(String)
    }

    /// The key of a comparison, if it is a tag or one of these attributes.
    static func key(_ comparison: Comparison, attributes: [String]) throws(SearchError) -> Key {
        let name = comparison.key.name
        guard name.form != .loose else {
            throw SearchError(message: FilterReading.noIdentifier(comparison.source[comparison.key.range]))
        }
        let entities = ["attribute", "tag", "tags"]
        if let entity = name.entity {
            guard entities.contains(entity) else {
                throw SearchError(message: MLflowWords.invalidEntity(entity, valid: entities))
            }
            if entity != "attribute" { return .tag(name.key) }
        }
        guard attributes.contains(name.key) else {
            throw SearchError(message: MLflowWords.invalidAttribute(name.key, valid: attributes))
        }
        return .attribute(name.key)
    }

    static func tag(_ comparison: Comparison) throws(SearchError) -> TextTest {
        let operators = SearchOperator.mlflowText
        let invalid = MLflowWords.invalidComparator(operators)
        guard comparison.presence == nil else { throw invalid(comparison) }
        let text = try comparison.mlflowText("tag (e.g. 'my-value')")
        return try comparison.mlflowTest(of: .text(text), operators: operators, else: invalid)
    }

    static func text(_ comparison: Comparison, takesList: Bool) throws(SearchError) -> TextTest {
        let operators = SearchOperator.mlflowText + (takesList ? SearchOperator.lists : [])
        let invalid = MLflowWords.invalidComparator(operators)
        guard comparison.presence == nil else { throw invalid(comparison) }
        let value = try comparison.mlflowTextOrList("attributes")
        return try comparison.mlflowTest(of: value, operators: operators, else: invalid)
    }

    static func number(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        let invalid = MLflowWords.invalidComparator(SearchOperator.order)
        guard comparison.presence == nil else { throw invalid(comparison) }
        guard let number = comparison.value?.integer else {
            throw SearchError(
                message: "Expected numeric value type for numeric attribute: \(comparison.key.name.key). "
                    + "Found \(comparison.mlflowWritten)")
        }
        return .compare(try comparison.mlflowComparator(else: invalid), number)
    }

    /// Reads an order by fields that have these names.
    static func order<Field>(
        _ clauses: [String], fields: [(name: String, field: Field)]
    ) throws(SearchError) -> [SearchOrder<Field>] {
        try SearchLimits.checkOrderClauses(clauses)
        var order: [SearchOrder<Field>] = []
        for text in clauses {
            let clause = try OrderClause(text, .mlflow)
            let written = clause.source[clause.key.range]
            guard let field = fields.first(where: { $0.name == written })?.field else {
                throw SearchError(
                    message: "Invalid order by key '\(written)' specified. "
                        + "Valid keys are '\(MLflowWords.set(fields.map(\.name)))'")
            }
            if order.contains(where: { $0.field == field }) {
                let given = MLflowWords.list(clauses)
                throw SearchError(message: "`order_by` contains duplicate fields: \(given)")
            }
            order.append(SearchOrder(field, isAscending: clause.isAscending))
        }
        return order
    }
}
