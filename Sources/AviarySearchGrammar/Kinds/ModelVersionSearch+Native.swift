// What the native language takes of a filter of model versions.

extension ModelVersionSearch {
    private enum Key {
        case text(ModelVersionText)
        case number
        case time(RegistryTime)
        case tag(String)
    }

    private static let names = NativeNames<Key>(
        thing: "a model version",
        attributes: [
            ("name", .text(.name)), ("version_number", .number), ("run_id", .text(.run)),
            ("source_path", .text(.source)),
        ] + RegistryTime.allCases.map { ($0.rawValue, .time($0)) },
        groups: [.tag: { key, _ in .tag(key.name.key) }])

    package static func nativeTest(
        _ comparison: Comparison, now: Int64
    ) throws(SearchError)
        -> ModelVersionTest
    {
        let name = comparison.nativeName
        switch try names.key(comparison.key, comparison.source) {
        case .text(let text): return .text(text, try comparison.nativeText("the text \(name)"))
        case .number: return .number(try comparison.nativeInteger("the number \(name)"))
        case .time(let time): return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .tag(let key): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> ModelVersionField {
        switch try names.key(clause.key, clause.source) {
        case .text(.name): return .name
        case .number: return .number
        case .time(.creation): return .creation
        case .time(.lastUpdate): return .lastUpdate
        case .text, .tag:
            let known = ModelVersionField.allCases.map(\.rawValue).joined(separator: ", ")
            throw clause.key.refusal(in: clause.source, "model versions are ordered by \(known) alone")
        }
    }
}
