import AviarySearchGrammar

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
    case metric(String)
    case endTime

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.integers }
}

/// The number that a param or tag reads as.
enum NumberColumnName: RunColumnName {
    typealias Column = NumberColumn

    case param(String)
    case tag(String)

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.numbers }
}

enum TextColumnName: RunColumnName {
    typealias Column = RunTexts

    case param(String)
    case tag(String)
    case text(RunText)

    static var place: WritableKeyPath<RunColumnMemory, KeptColumns<Self>> { \.texts }
}
