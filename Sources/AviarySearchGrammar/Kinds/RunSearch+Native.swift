// What the native language takes of a filter of runs.

extension RunSearch {
    private static let names = NativeNames<Key>(
        thing: "a run",
        attributes: attributes.filter { $0.name != createdInMessages }.map { ($0.name, .field($0.field)) }
            + [("duration", .field(.duration))],
        otherNames: mlflowAttributes.map { ($0.name, .field($0.field)) },
        groups: [
            .metric: { key, _ in .field(.metric(key.name.key)) },
            .param: { key, _ in .field(.param(key.name.key)) },
            .tag: { key, _ in .field(.tag(key.name.key)) },
            .dataset: dataset,
        ])

    /// MLflow's other way to write `created`.
    private static let createdInMessages = "Created"

    package static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> RunTest {
        let name = comparison.nativeName
        switch try names.key(comparison.key, comparison.source) {
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
        if case .field(let field) = try names.key(clause.key, clause.source) { return field }
        throw clause.key.refusal(in: clause.source, "runs are not ordered by their data sets")
    }

    private static func dataset(_ key: Comparison.Key, _ source: SearchText) throws(SearchError) -> Key {
        guard let text = DatasetText(rawValue: key.name.key) else {
            let known = DatasetText.allCases.map(\.rawValue).joined(separator: ", ")
            throw key.refusal(
                in: source, "'\(key.name.key)' is nothing that a data set has; it has \(known)")
        }
        return .dataset(text)
    }
}
