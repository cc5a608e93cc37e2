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

/// Values of runs by their slots.
protocol RunValues: Sendable {
    /// Whether no run has a value: then there is not even room for one, as most keys are that somebody makes up.
    var isEmpty: Bool { get }
    /// Makes room for so many slots.
    mutating func grow(to count: Int)
    /// Forgets the value of a slot for which there is room.
    mutating func clear(_ slot: Int)
}

struct IntegerColumn: RunValues {
    /// Of a run that has none, anything.
    private(set) var values: [Int64] = []
    private(set) var present = SlotSet(slotCount: 0)

    var isEmpty: Bool { values.isEmpty }

    /// The value of a slot, if it has one.
    subscript(slot: Int) -> Int64? {
        !isEmpty && present.contains(slot) ? values[slot] : nil
    }

    mutating func grow(to count: Int) {
        values += Array(repeating: 0, count: max(0, count - values.count))
        present.grow(to: count)
    }

    mutating func clear(_ slot: Int) { present.remove(slot) }

    mutating func set(_ value: Int64, at slot: Int) {
        values[slot] = value
        present.insert(slot)
    }
}

struct NumberColumn: RunValues {
    /// NaN where there is none.
    private(set) var values: [Double] = []

    var isEmpty: Bool { values.isEmpty }

    mutating func grow(to count: Int) {
        values += Array(repeating: .nan, count: max(0, count - values.count))
    }

    mutating func clear(_ slot: Int) { values[slot] = .nan }
    mutating func set(_ value: Double, at slot: Int) { values[slot] = value }
}

/// Texts, of which those that are equal mostly share a code, so that each is looked at once.
struct TextColumn: RunValues {
    /// The code of the text of each slot, or `noCode`.
    private(set) var codes: [Int32] = []
    /// The UTF-8 of all texts, one behind the other.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    static let noCode: Int32 = -1

    var isEmpty: Bool { codes.isEmpty }
    var codeCount: Int { ends.count }
    var byteCount: Int { codes.count * 4 + ends.count * 8 + bytes.count }

    func text(_ code: Int32) -> ArraySlice<UInt8> {
        let index = Int(code)
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    mutating func grow(to count: Int) {
        codes += Array(repeating: Self.noCode, count: max(0, count - codes.count))
    }

    mutating func clear(_ slot: Int) { codes[slot] = Self.noCode }
    mutating func set(_ code: Int32, at slot: Int) { codes[slot] = code }

    /// A code for a text, a new one unless the text has the one given before.
    mutating func code(of text: UnsafeBufferPointer<UInt8>, before: Int32) -> Int32 {
        if before != Self.noCode, self.text(before).elementsEqual(text) { return before }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        return Int32(ends.count - 1)
    }
}
