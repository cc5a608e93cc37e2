// What MLflow takes of a filter of runs.

extension RunSearch {
    package static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> RunTest {
        let key = try mlflowKey(comparison.key, comparison.source, attributes: mlflowAttributes)
        if let presence = comparison.presence {
            return try mlflowPresence(presence, key, name: comparison.key.name.key)
        }
        switch key {
        case .field(.metric(let key)):
            return .metric(key, try mlflowMetric(comparison))
        case .field(.param(let key)):
            return .param(key, .text(try mlflowText(comparison, entity: .param)))
        case .field(.tag(let key)):
            return .tag(key, .text(try mlflowText(comparison, entity: .tag)))
        case .field(.text(let text)):
            try comparison.refuseMLflowList(unless: [RunText.id.rawValue])
            return .text(text, try mlflowTextOrList(comparison, "attributes", isClosed: true))
        case .field(.time(let time)):
            let bad = Comparison.badComparator(of: SearchOperator.order)
            return .time(time, try comparison.mlflowIntegerTest(.anyNumber, else: bad))
        case .field(.duration):
            throw SearchError(message: invalidAttribute(comparison.key.name.key, mlflowAttributes))
        case .dataset(let text):
            return .dataset(
                text, try mlflowTextOrList(comparison, "dataset attributes", isClosed: false))
        }
    }

    package static func mlflowOrder(_ clauses: [String]) throws(SearchError) -> [SearchOrder<RunField>] {
        try SearchOrder.distinct(clauses) { (clause) throws(SearchError) in
            let key = try mlflowKey(clause.key, clause.source, attributes: attributes)
            if case .field(let field) = key { return field }
            throw SearchError(message: "Invalid identifier type 'dataset'")
        }
    }

    /// What MLflow knows under a key, if it is an attribute one of these.
    static func mlflowKey(
        _ key: Comparison.Key, _ source: SearchText, attributes: [(name: String, field: RunField)]
    ) throws(SearchError) -> Key {
        let name = key.name
        guard name.form != .loose else {
            throw SearchError(message: MLflowWords.noIdentifier(source[key.range]))
        }
        guard let entity = SearchEntity(name.entity) else {
            let valid = MLflowWords.list(SearchEntity.allCases.map(\.rawValue))
            throw SearchError(
                message: "Invalid entity type '\(name.entity ?? "")'. Valid values are \(valid)")
        }
        switch entity {
        case .metric: return .field(.metric(name.key))
        case .param: return .field(.param(name.key))
        case .tag: return .field(.tag(name.key))
        case .attribute:
            guard let attribute = attributes.first(where: { $0.name == name.key }) else {
                throw SearchError(message: invalidAttribute(name.key, attributes))
            }
            return .field(attribute.field)
        case .dataset:
            guard let text = DatasetText(rawValue: name.key) else {
                let valid = MLflowWords.set(DatasetText.allCases.map(\.rawValue))
                throw SearchError(
                    message: "Invalid dataset key '\(name.key)' specified. Valid keys are '\(valid)'")
            }
            return .dataset(text)
        }
    }

    private static func invalidAttribute(
        _ key: String, _ attributes: [(name: String, field: RunField)]
    ) -> String {
        MLflowWords.invalidAttribute(key, valid: attributes.map(\.name))
    }

    private static func mlflowPresence(
        _ presence: TextTest, _ key: Key, name: String
    ) throws(SearchError) -> RunTest {
        let entity: SearchEntity
        switch key {
        case .field(.param(let key)): return .param(key, .text(presence))
        case .field(.tag(let key)): return .tag(key, .text(presence))
        case .field(.metric): entity = .metric
        case .field(.text), .field(.time), .field(.duration): entity = .attribute
        case .dataset: entity = .dataset
        }
        throw SearchError(
            message: "IS NULL / IS NOT NULL is only supported for tags and params, "
                + "not for '\(entity.rawValue)' '\(name)'")
    }

    private static func mlflowMetric(_ comparison: Comparison) throws(SearchError) -> NumberTest {
        guard let number = comparison.value?.number else {
            let found = comparison.mlflowWritten
            throw SearchError(message: "Expected numeric value type for metric. Found \(found)")
        }
        let bad = Comparison.badComparator(of: SearchOperator.order, isClosed: false)
        return .mlflowMetric(try comparison.mlflowComparator(else: bad), number)
    }

    /// A test of a param or tag.
    private static func mlflowText(
        _ comparison: Comparison, entity: SearchEntity
    ) throws(SearchError) -> TextTest {
        let text = try comparison.mlflowText("\(entity.rawValue) (e.g. 'my-value')")
        let operators = SearchOperator.mlflowText
        let bad = Comparison.badComparator(
            of: operators + SearchOperator.presence, isClosed: entity == .param)
        return try comparison.mlflowTest(of: .text(text), operators: operators, else: bad)
    }

    private static func mlflowTextOrList(
        _ comparison: Comparison, _ wanted: String, isClosed: Bool
    ) throws(SearchError) -> TextTest {
        let value = try comparison.mlflowTextOrList(wanted)
        let operators = SearchOperator.mlflowText + SearchOperator.lists
        let bad = Comparison.badComparator(of: operators, isClosed: isClosed)
        return try comparison.mlflowTest(of: value, operators: operators, else: bad)
    }
}
