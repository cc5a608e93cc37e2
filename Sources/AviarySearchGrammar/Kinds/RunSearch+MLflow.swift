// What MLflow takes of a filter of runs.

extension RunSearch {
    static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> RunTest {
        let field = try mlflowField(comparison.key, comparison.source)
        if let presence = comparison.presence {
            return try mlflowPresence(presence, field, key: comparison.key.name.key)
        }
        switch field {
        case .metric(let key):
            return .metric(key, try mlflowMetric(comparison))
        case .param(let key):
            return .param(key, .text(try mlflowText(comparison, entity: .param)))
        case .tag(let key):
            return .tag(key, .text(try mlflowText(comparison, entity: .tag)))
        case .text(let text):
            return .text(text, try mlflowText(comparison, of: text))
        case .time(let time):
            return .time(time, try mlflowTime(comparison))
        case .dataset(let text):
            return .dataset(text, try mlflowDataset(comparison))
        case .duration:
            throw SearchError(message: invalidAttribute(comparison.key.name.key))
        }
    }

    /// The field that MLflow knows under a key.
    static func mlflowField(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> RunField {
        let name = key.name
        guard name.form != .loose else {
            throw SearchError(message: FilterReading.noIdentifier(source[key.range]))
        }
        guard let entity = SearchEntity(name.entity) else {
            let valid = MLflowWords.list(SearchEntity.allCases.map(\.rawValue))
            throw SearchError(message: "Invalid entity type '\(name.entity ?? "")'. Valid values are \(valid)")
        }
        switch entity {
        case .metric: return .metric(name.key)
        case .param: return .param(name.key)
        case .tag: return .tag(name.key)
        case .attribute:
            guard let attribute = attributes.first(where: { $0.name == name.key }) else {
                throw SearchError(message: invalidAttribute(name.key))
            }
            return attribute.field
        case .dataset:
            guard let text = DatasetText(rawValue: name.key) else {
                let valid = MLflowWords.set(DatasetText.allCases.map(\.rawValue))
                throw SearchError(
                    message: "Invalid dataset key '\(name.key)' specified. Valid keys are '\(valid)'")
            }
            return .dataset(text)
        }
    }

    private static func invalidAttribute(_ key: String) -> String {
        MLflowWords.invalidAttribute(key, valid: attributes.map(\.name))
    }

    private static func mlflowPresence(
        _ presence: TextTest, _ field: RunField, key: String
    ) throws(SearchError) -> RunTest {
        let entity: SearchEntity
        switch field {
        case .param(let key): return .param(key, .text(presence))
        case .tag(let key): return .tag(key, .text(presence))
        case .metric: entity = .metric
        case .text, .time, .duration: entity = .attribute
        case .dataset: entity = .dataset
        }
        throw SearchError(
            message: "IS NULL / IS NOT NULL is only supported for tags and params, "
                + "not for '\(entity.rawValue)' '\(key)'")
    }

    private static func mlflowMetric(_ comparison: Comparison) throws(SearchError) -> NumberTest {
        guard let number = comparison.value?.number else {
            let found = comparison.mlflowWritten
            throw SearchError(message: "Expected numeric value type for metric. Found \(found)")
        }
        let invalid = MLflowWords.invalidComparator(SearchOperator.order)
        return .compare(try comparison.mlflowComparator(else: invalid), number)
    }

    private static func mlflowTime(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        guard let milliseconds = comparison.value?.integer else {
            throw SearchError(
                message: "Expected numeric value type for numeric attribute: \(comparison.key.name.key). "
                    + "Found \(comparison.mlflowWritten)")
        }
        let invalid = MLflowWords.invalidComparator(SearchOperator.order)
        return .compare(try comparison.mlflowComparator(else: invalid), milliseconds)
    }

    /// A test of a param or tag.
    private static func mlflowText(
        _ comparison: Comparison, entity: SearchEntity
    ) throws(SearchError) -> TextTest {
        let text = try comparison.mlflowText("\(entity.rawValue) (e.g. 'my-value')")
        let operators = SearchOperator.mlflowText
        return try comparison.mlflowTest(
            of: .text(text), operators: operators, else: MLflowWords.invalidComparator(operators))
    }

    private static func mlflowText(
        _ comparison: Comparison, of text: RunText
    ) throws(SearchError) -> TextTest {
        if case .list? = comparison.value?.kind, text != .id {
            throw SearchError(
                message: "Only ['run_id'] attributes support comparison with a list of quoted string values.")
        }
        let value = try comparison.mlflowTextOrList("attributes")
        let operators = SearchOperator.mlflowText + SearchOperator.lists
        return try comparison.mlflowTest(
            of: value, operators: operators, else: MLflowWords.invalidComparator(operators))
    }

    private static func mlflowDataset(_ comparison: Comparison) throws(SearchError) -> TextTest {
        let value = try comparison.mlflowTextOrList("dataset attributes")
        let operators = SearchOperator.mlflowText + SearchOperator.lists
        return try comparison.mlflowTest(
            of: value, operators: operators, else: MLflowWords.invalidComparator(operators))
    }
}
