/// One value of each run, by the run's slot, where it has one.
protocol SlotColumn: Sendable {
    /// Without values, and without room for any.
    init()
    /// Whether no run has a value: then there is not even room for one, as most keys are that somebody makes up.
    var isEmpty: Bool { get }
    /// About how much memory it takes.
    var byteCount: Int { get }
    /// Whether reading it anew is better than one more change of so many runs.
    func isWorn(afterChanges count: Int, slotCount: Int) -> Bool
    /// Forgets the values of some slots, and makes room for all.
    mutating func forget(_ slots: [Int], slotCount: Int)
    /// Takes in what is read.
    mutating func take(_ rows: RunColumnRows) throws
}

extension SlotColumn {
    func isWorn(afterChanges count: Int, slotCount: Int) -> Bool { false }
}

struct IntegerColumn: SlotColumn {
    /// Of a run that has none, anything.
    private(set) var values: [Int64] = []
    private(set) var present = SlotSet(slotCount: 0)

    var isEmpty: Bool { values.isEmpty }
    var byteCount: Int { values.count * 8 + values.count / 8 }

    /// The value of a slot, if it has one.
    subscript(slot: Int) -> Int64? {
        !isEmpty && present.contains(slot) ? values[slot] : nil
    }

    mutating func forget(_ slots: [Int], slotCount: Int) {
        guard !isEmpty else { return }
        grow(to: slotCount)
        for slot in slots { present.remove(slot) }
    }

    mutating func take(_ rows: RunColumnRows) throws {
        try rows.integers { slot, value in
            if isEmpty { grow(to: rows.slots.count) }
            values[slot] = value
            present.insert(slot)
        }
    }

    private mutating func grow(to count: Int) {
        values += Array(repeating: 0, count: max(0, count - values.count))
        present.grow(to: count)
    }
}

struct NumberColumn: SlotColumn {
    /// NaN where there is none.
    private(set) var values: [Double] = []

    var isEmpty: Bool { values.isEmpty }
    var byteCount: Int { values.count * 8 }

    mutating func forget(_ slots: [Int], slotCount: Int) {
        guard !isEmpty else { return }
        grow(to: slotCount)
        for slot in slots { values[slot] = .nan }
    }

    mutating func take(_ rows: RunColumnRows) throws {
        try rows.texts { slot, text in
            guard let number = SearchFunctions.number(in: text) else { return true }
            if isEmpty { grow(to: rows.slots.count) }
            values[slot] = number
            return true
        }
    }

    private mutating func grow(to count: Int) {
        values += Array(repeating: .nan, count: max(0, count - values.count))
    }
}
