import AviarySearchGrammar
import AviaryTracking

/// Which value of each run a column has.
protocol RunColumnName: Hashable, Sendable {
    associatedtype Column: SlotColumn

    /// Where columns of such names are kept.
    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { get }
    var source: RunColumnSource { get }
}

enum IntegerColumnName: RunColumnName {
    typealias Column = IntegerColumn

    /// The image of a metric's latest value (`OrderedBits`).
    case metric(ExactKey)
    case endTime

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.integers }
}

/// The number that a param or tag reads as.
enum NumberColumnName: RunColumnName {
    typealias Column = NumberColumn

    case param(ExactKey)
    case tag(ExactKey)

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.numbers }
}

enum TextColumnName: RunColumnName {
    typealias Column = RunTexts

    case param(ExactKey)
    case tag(ExactKey)
    case text(RunText)

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.texts }
}

extension RunTest {
    /// The column that it looks at; `nil` if it does without.
    var columnName: (any RunColumnName)? {
        switch self {
        case .metric(let key, _): IntegerColumnName.metric(ExactKey(key))
        case .param(let key, .text): TextColumnName.param(ExactKey(key))
        case .param(let key, .number): NumberColumnName.param(ExactKey(key))
        case .tag(let key, .text): TextColumnName.tag(ExactKey(key))
        case .tag(let key, .number): NumberColumnName.tag(ExactKey(key))
        case .text(let text, _): TextColumnName.text(text)
        case .time(.end, _), .duration: IntegerColumnName.endTime
        case .time(.start, _), .dataset: nil
        }
    }
}

extension RunField {
    /// The column that an order by it looks at; `nil` if it does without.
    var columnName: (any RunColumnName)? {
        switch self {
        case .metric(let key): IntegerColumnName.metric(ExactKey(key))
        case .param(let key): TextColumnName.param(ExactKey(key))
        case .tag(let key): TextColumnName.tag(ExactKey(key))
        case .text(let text): TextColumnName.text(text)
        case .time(.end), .duration: IntegerColumnName.endTime
        case .time(.start): nil
        }
    }
}
