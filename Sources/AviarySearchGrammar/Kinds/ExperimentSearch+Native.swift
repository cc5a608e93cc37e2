// What the native language takes of a filter of experiments.

extension ExperimentSearch {
    private static let names = NativeNames<Key>(
        thing: "an experiment", attributes: attributes.map { ($0.name, .field($0.field)) },
        groups: [.tag: { key, _ in .tag(key.name.key) }])

    package static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> ExperimentTest
    {
        let name = comparison.nativeName
        switch try names.key(comparison.key, comparison.source) {
        case .field(.id): return .id(try comparison.nativeIdentifier("the number \(name)"))
        case .field(.name): return .name(try comparison.nativeText("the text \(name)"))
        case .field(.time(let time)):
            return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .tag(let key): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> ExperimentField {
        if case .field(let field) = try names.key(clause.key, clause.source) { return field }
        throw clause.key.refusal(in: clause.source, "experiments are not ordered by their tags")
    }
}
