// What the native language takes of a filter of experiments.

extension ExperimentSearch {
    package static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> ExperimentTest
    {
        let key = comparison.key
        let name = "'\(comparison.source.shown(key.range))'"
        switch try nativeKey(key, comparison.source) {
        case .field(.id): return .id(try comparison.nativeIdentifier("the number \(name)"))
        case .field(.name): return .name(try comparison.nativeText("the text \(name)"))
        case .field(.time(let time)):
            return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .tag(let key): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> ExperimentField {
        if case .field(let field) = try nativeKey(clause.key, clause.source) { return field }
        throw clause.key.refusal(in: clause.source, "experiments are not ordered by their tags")
    }

    /// What is known under a key.
    static func nativeKey(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        let name = key.name
        switch SearchEntity(name.entity) {
        case .tag:
            return .tag(name.key)
        case .attribute:
            guard let attribute = attributes.first(where: { $0.name == name.key }) else {
                let known = attributes.map(\.name).joined(separator: ", ")
                throw key.refusal(
                    in: source,
                    "'\(name.key)' is no attribute of an experiment; there are \(known); "
                        + "a tag is written tags.\(name.key)")
            }
            return .field(attribute.field)
        case .metric, .param, .dataset, nil:
            throw key.refusal(
                in: source,
                "'\(name.entity ?? "")' is nothing that an experiment has; it has attributes and tags")
        }
    }
}
