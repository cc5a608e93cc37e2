// What the native language takes of a filter of registered models.

extension RegisteredModelSearch {
    private enum Key {
        case name
        case time(RegistryTime)
        case tag(String)
    }

    private static let names = NativeNames<Key>(
        thing: "a registered model",
        attributes: [("name", .name)] + RegistryTime.allCases.map { ($0.rawValue, .time($0)) },
        otherNames: [("timestamp", .time(.lastUpdate))], groups: [.tag: { key, _ in .tag(key.name.key) }])

    package static func nativeTest(
        _ comparison: Comparison, now: Int64
    ) throws(SearchError)
        -> RegisteredModelTest
    {
        let name = comparison.nativeName
        switch try names.key(comparison.key, comparison.source) {
        case .name: return .name(try comparison.nativeText("the text \(name)"))
        case .time(let time): return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .tag(let key): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> RegisteredModelField {
        switch try names.key(clause.key, clause.source) {
        case .name: return .name
        case .time(.creation): return .creation
        case .time(.lastUpdate): return .lastUpdate
        case .tag:
            throw clause.key.refusal(in: clause.source, "registered models are not ordered by their tags")
        }
    }
}
