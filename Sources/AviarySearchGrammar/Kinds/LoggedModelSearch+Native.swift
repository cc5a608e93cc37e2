// What the native language takes of a filter of logged models.

extension LoggedModelSearch {
    private static let names = NativeNames<Key>(
        thing: "a logged model",
        attributes: [
            ("name", .field(.text(.name))), ("model_id", .field(.text(.id))),
            ("model_type", .field(.text(.type))), ("status", .field(.text(.status))),
            ("source_run_id", .field(.text(.run))), ("experiment_id", .field(.text(.experimentID))),
        ] + LoggedModelTime.allCases.map { ($0.rawValue, .field(.time($0))) },
        otherNames: [("creation_time", .field(.time(.creation)))],
        groups: [
            .metric: { key, _ in .field(.metric(key.name.key)) },
            .param: { key, _ in .param(key.name.key) },
            .tag: { key, _ in .tag(key.name.key) },
        ])

    package static func nativeTest(
        _ comparison: Comparison, now: Int64
    ) throws(SearchError)
        -> LoggedModelTest
    {
        let name = comparison.nativeName
        switch try names.key(comparison.key, comparison.source) {
        case .field(.text(.experimentID)):
            return .experiment(try comparison.nativeIdentifier("the number \(name)"))
        case .field(.text(let text)): return .text(text, try comparison.nativeText("the text \(name)"))
        case .field(.time(let time)):
            return .time(time, try comparison.nativeTime("the time \(name)", now: now))
        case .field(.metric(let key)): return .metric(key, try comparison.nativeNumber("the metric \(name)"))
        case .param(let key): return .param(key, try comparison.nativeValue("the param \(name)"))
        case .tag(let key): return .tag(key, try comparison.nativeValue("the tag \(name)"))
        }
    }

    package static func nativeField(_ clause: OrderClause) throws(SearchError) -> LoggedModelField {
        if case .field(let field) = try names.key(clause.key, clause.source) { return field }
        throw clause.key.refusal(
            in: clause.source, "logged models are not ordered by their params and tags")
    }
}
