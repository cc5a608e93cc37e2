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

/// One value of each run, where it has one.
enum RunColumn: Sendable {
    case integers(IntegerColumn)
    case numbers(NumberColumn)
    case texts(TextColumn)

    // The name of a column says which it is (`RunColumnQuery`).

    var integers: IntegerColumn {
        guard case .integers(let column) = self else { fatalError("a column of runs has no integers") }
        return column
    }

    var numbers: NumberColumn {
        guard case .numbers(let column) = self else { fatalError("a column of runs has no numbers") }
        return column
    }

    var texts: TextColumn {
        guard case .texts(let column) = self else { fatalError("a column of runs has no texts") }
        return column
    }

    /// About how much memory it takes.
    var byteCount: Int {
        switch self {
        case .integers(let column): column.values.count * 8
        case .numbers(let column): column.values.count * 8
        case .texts(let column): column.byteCount
        }
    }
}

struct IntegerColumn: Sendable {
    /// Of a run that has none, anything.
    private(set) var values: [Int64]
    private(set) var present: SlotSet

    init(slotCount: Int) {
        values = Array(repeating: 0, count: slotCount)
        present = SlotSet(slotCount: slotCount)
    }

    mutating func grow(to count: Int) {
        values += Array(repeating: 0, count: max(0, count - values.count))
        present.grow(to: count)
    }

    mutating func set(_ value: Int64?, at slot: Int) {
        guard let value else { return present.remove(slot) }
        values[slot] = value
        present.insert(slot)
    }
}

struct NumberColumn: Sendable {
    /// NaN where there is none.
    private(set) var values: [Double]

    init(slotCount: Int) {
        values = Array(repeating: .nan, count: slotCount)
    }

    mutating func grow(to count: Int) {
        values += Array(repeating: .nan, count: max(0, count - values.count))
    }

    mutating func set(_ value: Double?, at slot: Int) {
        values[slot] = value ?? .nan
    }
}

/// Texts, of which those that are equal mostly share a code, so that each is looked at once.
struct TextColumn: Sendable {
    /// The code of the text of each slot, or `noCode`.
    private(set) var codes: [Int32]
    /// The UTF-8 of all texts, one behind the other.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    static let noCode: Int32 = -1

    init(slotCount: Int) {
        codes = Array(repeating: Self.noCode, count: slotCount)
    }

    var codeCount: Int { ends.count }
    var byteCount: Int { codes.count * 4 + ends.count * 8 + bytes.count }

    func text(_ code: Int32) -> ArraySlice<UInt8> {
        let index = Int(code)
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    mutating func grow(to count: Int) {
        codes += Array(repeating: Self.noCode, count: max(0, count - codes.count))
    }

    /// A code for a text, a new one unless the text has the one given before.
    mutating func code(of text: UnsafeBufferPointer<UInt8>, before: Int32) -> Int32 {
        if before != Self.noCode, self.text(before).elementsEqual(text) { return before }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        return Int32(ends.count - 1)
    }

    mutating func set(_ code: Int32, at slot: Int) {
        codes[slot] = code
    }
}
