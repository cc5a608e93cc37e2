// What the native language takes of a filter of runs.

extension RunSearch {
    package static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> RunTest {
        let key = comparison.key
        let name = "'\(comparison.source.shown(key.range))'"
        switch try nativeKey(key, comparison.source) {
        case .field(.metric(let key)): return .metric(key, try comparison.nativeNumber("the metric \(name)"))
        case .field(.param(let key)): return .param(key, try comparison.nativeValue("the param \(name)"))
        case .field(.tag(let key)): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        case .field(.text(let text)): return .text(text, try comparison.nativeText("the text \(name)"))
        case .field(.time(let time)):
            return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .field(.duration): return .duration(try comparison.nativeDuration("the duration \(name)"))
        case .dataset(let text): return .dataset(text, try comparison.nativeText("the text \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> RunField {
        if case .field(let field) = try nativeKey(clause.key, clause.source) { return field }
        throw clause.key.refusal(in: clause.source, "runs are not ordered by their data sets")
    }

    /// What is known under a key.
    static func nativeKey(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        let name = key.name
        guard let entity = SearchEntity(name.entity) else {
            throw key.refusal(
                in: source,
                "'\(name.entity ?? "")' is nothing that a run has; "
                    + "it has metrics, params, tags, attributes and datasets")
        }
        switch entity {
        case .metric: return .field(.metric(name.key))
        case .param: return .field(.param(name.key))
        case .tag: return .field(.tag(name.key))
        case .attribute:
            if name.key == durationName { return .field(.duration) }
            guard let attribute = mlflowAttributes.first(where: { $0.name == name.key }) else {
                throw key.refusal(in: source, unknownAttribute(name.key))
            }
            return .field(attribute.field)
        case .dataset:
            guard let text = DatasetText(rawValue: name.key) else {
                let known = DatasetText.allCases.map(\.rawValue).joined(separator: ", ")
                throw key.refusal(
                    in: source, "'\(name.key)' is nothing that a data set has; it has \(known)")
            }
            return .dataset(text)
        }
    }

    private static let durationName = "duration"

    private static func unknownAttribute(_ key: String) -> String {
        let names = attributes.map(\.name).filter { $0 != "Created" } + [durationName]
        return "'\(key)' is no attribute of a run; there are \(names.joined(separator: ", ")); "
            + "a metric is written metrics.\(key)"
    }
}
