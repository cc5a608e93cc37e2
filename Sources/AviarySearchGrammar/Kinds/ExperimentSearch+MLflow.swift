// What MLflow takes of a filter of experiments.

extension ExperimentSearch {
    package static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> ExperimentTest {
        let key = try mlflowKey(comparison.key, comparison.source)
        if let presence = comparison.presence {
            guard case .tag(let key) = key else { throw noPresence(comparison.key.name.key) }
            return .tag(key, .text(presence))
        }
        switch key {
        case .field(.id):
            return .id(try mlflowIdentifier(comparison))
        case .field(.name):
            return .name(try mlflowName(comparison))
        case .field(.time(let time)):
            let bad = Comparison.badComparator(of: SearchOperator.order)
            return .time(time, try comparison.mlflowIntegerTest(.whole, else: bad))
        case .tag(let key):
            let text = try comparison.mlflowText("tag (e.g. 'my-value')")
            let bad = Comparison.badComparator(for: "tag")
            let operators = SearchOperator.mlflowText
            let test = try comparison.mlflowTest(of: .text(text), operators: operators, else: bad)
            return .tag(key, .text(test))
        }
    }

    private static func noPresence(_ key: String) -> SearchError {
        SearchError(message: "IS NULL / IS NOT NULL is only supported for tags, not for attribute '\(key)'")
    }

    /// A second key of the same field decides nothing, and MLflow takes it.
    package static func mlflowOrder(
        _ clauses: [String]
    ) throws(SearchError) -> [SearchOrder<ExperimentField>] {
        let order = try SearchOrder.mlflow(clauses) { (clause) throws(SearchError) in
            if case .field(let field) = try mlflowKey(clause.key, clause.source) { return field }
            throw SearchError(message: "Invalid order_by entity: tag")
        }
        return order.enumerated()
            .filter { place, key in !order.prefix(place).contains { $0.field == key.field } }.map(\.element)
    }

    /// What MLflow knows under a key.
    static func mlflowKey(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        switch try MLflowKey(key, source, attributes: attributes.map(\.name)) {
        case .tag(let key): return .tag(key)
        case .attribute(let index): return .field(attributes[index].field)
        }
    }

    private static func mlflowName(_ comparison: Comparison) throws(SearchError) -> TextTest {
        try comparison.refuseMLflowList(unless: [idName])
        let text = try comparison.mlflowText("attributes")
        let operators = SearchOperator.mlflowText
        // MLflow's message has the operators of every attribute that is a text.
        let bad = Comparison.badComparator(of: operators + SearchOperator.lists)
        return try comparison.mlflowTest(of: .text(text), operators: operators, else: bad)
    }

    private static func mlflowIdentifier(_ comparison: Comparison) throws(SearchError) -> IdentifierTest {
        let value = try comparison.mlflowTextOrList("attributes")
        let bad = Comparison.badComparator(for: idName)
        let operators = SearchOperator.equality + SearchOperator.lists
        switch try comparison.mlflowTest(of: value, operators: operators, else: bad) {
        case .equal(let text): return .among([try identifier(text)])
        case .notEqual(let text): return .notAmong([try identifier(text)])
        case .among(let texts): return .among(try identifiers(texts))
        case .notAmong(let texts): return .notAmong(try identifiers(texts))
        default: throw bad(comparison)
        }
    }

    private static func identifiers(_ texts: [String]) throws(SearchError) -> [Int64] {
        var numbers: [Int64] = []
        for text in texts { numbers.append(try identifier(text)) }
        return numbers
    }

    private static func identifier(_ text: String) throws(SearchError) -> Int64 {
        guard let number = Int64(text) else {
            throw SearchError(
                message: "Invalid experiment ID '\(text)'. Experiment ID must be a valid integer.")
        }
        return number
    }
}
