/// Some of the runs in memory, a bit for each slot.
struct SlotSet: Sendable, Equatable {
    /// The bits behind the last slot are 0.
    private(set) var words: [UInt64]
    private(set) var slotCount: Int

    init(slotCount: Int, all: Bool = false) {
        words = Array(repeating: all ? .max : 0, count: (slotCount + 63) / 64)
        self.slotCount = slotCount
        clearTail()
    }

    /// The slots for which the answer is yes.
    init(slotCount: Int, where holds: (Int) -> Bool) {
        self.init(slotCount: slotCount)
        for index in words.indices {
            let start = index * 64
            var word: UInt64 = 0
            for bit in 0..<min(64, slotCount - start) where holds(start + bit) { word |= 1 << UInt64(bit) }
            words[index] = word
        }
    }

    /// None of as many slots.
    var none: SlotSet { SlotSet(slotCount: slotCount) }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func contains(_ slot: Int) -> Bool { words[slot / 64] & (1 << UInt64(slot % 64)) != 0 }

    mutating func insert(_ slot: Int) { words[slot / 64] |= 1 << UInt64(slot % 64) }
    mutating func remove(_ slot: Int) { words[slot / 64] &= ~(1 << UInt64(slot % 64)) }

    /// Makes room for slots behind the last one, which are not in the set.
    mutating func grow(to count: Int) {
        while words.count * 64 < count { words.append(0) }
        slotCount = max(slotCount, count)
    }

    mutating func form(intersection other: SlotSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func subtract(_ other: SlotSet) {
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    func intersection(_ other: SlotSet) -> SlotSet {
        var result = self
        result.form(intersection: other)
        return result
    }

    func subtracting(_ other: SlotSet) -> SlotSet {
        var result = self
        result.subtract(other)
        return result
    }

    /// Those of the set for which the answer is yes; nobody else's is asked.
    func filter<Failure>(_ holds: (Int) throws(Failure) -> Bool) throws(Failure) -> SlotSet {
        var result = self
        for index in words.indices {
            var rest = words[index]
            var word: UInt64 = 0
            while rest != 0 {
                let bit = rest.trailingZeroBitCount
                rest &= rest - 1
                if try holds(index * 64 + bit) { word |= 1 << UInt64(bit) }
            }
            result.words[index] = word
        }
        return result
    }

    /// In ascending order.
    var slots: [Int32] {
        var slots: [Int32] = []
        slots.reserveCapacity(count)
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                slots.append(Int32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return slots
    }

    private mutating func clearTail() {
        let used = slotCount % 64
        if used > 0 { words[words.count - 1] &= (1 << UInt64(used)) - 1 }
    }
}
