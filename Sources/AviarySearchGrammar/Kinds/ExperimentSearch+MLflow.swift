// What MLflow takes of a filter of experiments.

extension ExperimentSearch {
    static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> ExperimentTest {
        switch try mlflowField(comparison.key, comparison.source) {
        case .id:
            return .id(try mlflowIdentifier(comparison))
        case .name:
            guard comparison.presence == nil else { throw badText(comparison) }
            let text = try comparison.mlflowText("attributes")
            let operators = SearchOperator.mlflowText
            return .name(try comparison.mlflowTest(of: .text(text), operators: operators, else: badText))
        case .time(let time):
            return .time(time, try mlflowTime(comparison))
        case .tag(let key):
            if let presence = comparison.presence { return .tag(key, .text(presence)) }
            let text = try comparison.mlflowText("tag (e.g. 'my-value')")
            let operators = SearchOperator.mlflowText
            let test = try comparison.mlflowTest(of: .text(text), operators: operators) {
                SearchError(message: "Invalid comparator for tag: \($0.comparator.text)")
            }
            return .tag(key, .text(test))
        }
    }

    private static func badText(_ comparison: Comparison) -> SearchError {
        SearchError(message: "Invalid comparator for string attribute: \(comparison.comparator.text)")
    }

    private static func badNumber(_ comparison: Comparison) -> SearchError {
        SearchError(message: "Invalid comparator for numeric attribute: \(comparison.comparator.text)")
    }

    /// The field that MLflow knows under a key.
    static func mlflowField(
        _ key: Comparison.Key, _ source: SearchText
    ) throws(SearchError) -> ExperimentField {
        let name = key.name
        guard name.form != .loose else {
            throw SearchError(message: FilterReading.noIdentifier(source[key.range]))
        }
        let entities = ["attribute", "tag", "tags"]
        if let entity = name.entity {
            guard entities.contains(entity) else {
                throw SearchError(message: MLflowWords.invalidEntity(entity, valid: entities))
            }
            if entity != "attribute" { return .tag(name.key) }
        }
        guard let attribute = attributes.first(where: { $0.name == name.key }) else {
            throw SearchError(
                message: MLflowWords.invalidAttribute(name.key, valid: attributes.map(\.name)))
        }
        return attribute.field
    }

    private static func mlflowTime(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        guard comparison.presence == nil else { throw badNumber(comparison) }
        guard let milliseconds = comparison.value?.integer else {
            throw SearchError(
                message: "Expected numeric value type for numeric attribute: \(comparison.key.name.key). "
                    + "Found \(comparison.mlflowWritten)")
        }
        return .compare(try comparison.mlflowComparator(else: badNumber), milliseconds)
    }

    private static func mlflowIdentifier(_ comparison: Comparison) throws(SearchError) -> IdentifierTest {
        guard comparison.presence == nil else { throw badText(comparison) }
        let value = try comparison.mlflowTextOrList("attributes")
        let operators: [SearchOperator] = [.equal, .notEqual] + SearchOperator.lists
        switch try comparison.mlflowTest(of: value, operators: operators, else: badText) {
        case .equal(let text): return .among([try identifier(text)])
        case .notEqual(let text): return .notAmong([try identifier(text)])
        case .among(let texts): return .among(try identifiers(texts))
        case .notAmong(let texts): return .notAmong(try identifiers(texts))
        default: throw badText(comparison)
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
