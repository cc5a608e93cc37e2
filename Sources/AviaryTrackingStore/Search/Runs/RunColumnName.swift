import AviarySearchGrammar

/// Which value of each run a column has.
enum RunColumnName: Hashable, Sendable {
    /// The image of a metric's latest value (`OrderedBits`).
    case metric(String)
    case param(String)
    case tag(String)
    /// The number that a param reads as.
    case paramNumber(String)
    case tagNumber(String)
    case text(RunText)
    case endTime
}

extension RunColumnName {
    /// The column that a test looks at; none for data sets, and for what every search knows of a run.
    init?(_ test: RunTest) {
        switch test {
        case .metric(let key, _): self = .metric(key)
        case .param(let key, .text): self = .param(key)
        case .param(let key, .number): self = .paramNumber(key)
        case .tag(let key, .text): self = .tag(key)
        case .tag(let key, .number): self = .tagNumber(key)
        case .text(let text, _): self = .text(text)
        case .time(.end, _), .duration: self = .endTime
        case .time(.start, _), .dataset: return nil
        }
    }

    /// The column by which runs are ordered; none for what every search knows of a run.
    init?(_ field: RunField) {
        switch field {
        case .metric(let key): self = .metric(key)
        case .param(let key): self = .param(key)
        case .tag(let key): self = .tag(key)
        case .text(let text): self = .text(text)
        case .time(.end), .duration: self = .endTime
        case .time(.start): return nil
        }
    }
}
