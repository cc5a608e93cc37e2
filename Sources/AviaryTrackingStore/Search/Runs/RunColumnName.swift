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
