/// The texts that runs have under one name.
enum RunTexts: SlotColumn {
    case inMemory(TextColumn)
    /// More than one name may have in memory: every search reads them anew, one after the other (`RunReading.scan`).
    case tooLarge

    init() { self = .inMemory(TextColumn()) }

    var isEmpty: Bool {
        switch self {
        case .inMemory(let column): column.isEmpty
        case .tooLarge: false
        }
    }

    var byteCount: Int {
        switch self {
        case .inMemory(let column): column.byteCount
        case .tooLarge: 0
        }
    }

    func isWorn(afterChanges count: Int, slotCount: Int) -> Bool {
        switch self {
        // Every change leaves a text behind.
        case .inMemory(let column): column.codeCount + count > 2 * slotCount + 1000
        case .tooLarge: false
        }
    }

    mutating func forget(_ slots: [Int], slotCount: Int) {
        guard case .inMemory(var column) = self else { return }
        self = .tooLarge  // while the column changes: held here too, it would be copied
        column.forget(slots, slotCount: slotCount)
        self = .inMemory(column)
    }

    mutating func take(_ rows: RunColumnRows) throws {
        guard case .inMemory(var column) = self else { return }
        self = .tooLarge
        if try column.take(rows) { self = .inMemory(column) }
    }
}

/// Texts, of which those that are equal mostly share a code, so that each is looked at once.
struct TextColumn: Sendable {
    /// The code of the text of each slot, or `noCode`.
    private(set) var codes: [Int32] = []
    /// The UTF-8 of all texts, one behind the other.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    static let noCode: Int32 = -1
    /// Beside its bytes, of each text.
    static let byteCountOfText = 8
    /// Of each slot.
    static let byteCountOfCode = 4

    var isEmpty: Bool { codes.isEmpty }
    var codeCount: Int { ends.count }

    var byteCount: Int {
        codes.count * Self.byteCountOfCode + ends.count * Self.byteCountOfText + bytes.count
    }

    func text(_ code: Int32) -> ArraySlice<UInt8> {
        let index = Int(code)
        return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    mutating func forget(_ slots: [Int], slotCount: Int) {
        guard !isEmpty else { return }
        grow(to: slotCount)
        for slot in slots { codes[slot] = Self.noCode }
    }

    /// Whether all that is read was taken in: it stops where that becomes too much.
    mutating func take(_ rows: RunColumnRows) throws -> Bool {
        var code = Self.noCode
        var isWhole = true
        try rows.texts { slot, text in
            if isEmpty { grow(to: rows.slots.count) }
            // Before it grows: an array that becomes too small takes twice as much.
            isWhole = byteCount + text.count + Self.byteCountOfText <= rows.textByteLimit
            guard isWhole else { return false }
            code = self.code(of: text, before: code)
            codes[slot] = code
            return true
        }
        return isWhole
    }

    /// A code for a text, a new one unless the text has the one given before.
    private mutating func code(of text: UnsafeBufferPointer<UInt8>, before: Int32) -> Int32 {
        if before != Self.noCode, self.text(before).elementsEqual(text) { return before }
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        return Int32(ends.count - 1)
    }

    private mutating func grow(to count: Int) {
        codes += Array(repeating: Self.noCode, count: max(0, count - codes.count))
    }
}
