import AviarySearchGrammar
import AviaryTracking

/// Puts runs in the order of a question: by its keys, then the latest start first, then the least identifier.
struct RunSorting {
    private enum Key {
        /// What comes first is less.
        case ranks([Int64])
        case texts(TextColumn, isAscending: Bool)
    }

    private let reading: RunReading
    /// Those in which some runs differ.
    private var keys: [Key] = []

    init(_ order: [SearchOrder<RunField>], _ reading: RunReading) throws {
        self.reading = reading
        keys = try order.compactMap { try key(of: $0) }
        if !order.contains(where: { $0.field == .time(.start) }) {
            keys.append(.ranks(slots.startTimes.map { Self.rank(of: $0, isAscending: false) }))
        }
    }

    private var slots: RunSlots { reading.slots }

    /// The first of these runs in their order.
    ///
    /// - Throws: `TrackingError.searchTooLong` once the time is over.
    func first(_ count: Int, of candidates: SlotSet) throws -> ArraySlice<Int32> {
        var comparisons = Comparisons(keys: keys, deadline: reading.deadline)
        let byKeys = try comparisons.first(count, of: candidates.slots)
        // Rare enough that other orders need not wait for so many identifiers.
        guard comparisons.hasMetEquals, let ids = try texts(.text(.id), isAscending: true) else {
            return byKeys
        }
        comparisons = Comparisons(keys: keys + [ids], deadline: reading.deadline)
        return try comparisons.first(count, of: candidates.slots)
    }

    // MARK: - Comparing

    private struct Comparisons {
        let keys: [Key]
        let deadline: Deadline
        private(set) var hasMetEquals = false
        private var count = 0

        init(keys: [Key], deadline: Deadline) {
            (self.keys, self.deadline) = (keys, deadline)
        }

        mutating func first(_ count: Int, of slots: [Int32]) throws -> ArraySlice<Int32> {
            guard case .ranks(let ranks)? = keys.first else {
                return try slots.first(count) { try isBefore($0, $1, from: 0) }
            }
            // Most comparisons are over with the first key.
            return try slots.first(count) { left, right in
                let (mine, other) = (ranks[Int(left)], ranks[Int(right)])
                return mine == other ? try isBefore(left, right, from: 1) : mine < other
            }
        }

        private mutating func isBefore(_ left: Int32, _ right: Int32, from first: Int) throws -> Bool {
            guard left != right else { return false }
            count += 1
            if count.isMultiple(of: 1024) { try deadline.check() }
            for key in keys.dropFirst(first) {
                let order = RunSorting.compare(left, right, by: key)
                if order != 0 { return order < 0 }
            }
            hasMetEquals = true
            return false
        }
    }

    private static func compare(_ left: Int32, _ right: Int32, by key: Key) -> Int {
        switch key {
        case .ranks(let ranks):
            let (mine, other) = (ranks[Int(left)], ranks[Int(right)])
            return mine < other ? -1 : (mine > other ? 1 : 0)
        case .texts(let column, let isAscending):
            let (mine, other) = (column.codes[Int(left)], column.codes[Int(right)])
            guard mine != other else { return 0 }
            guard mine != TextColumn.noCode else { return 1 }  // what has none comes last in either direction
            guard other != TextColumn.noCode else { return -1 }
            let (text, otherText) = (column.text(mine), column.text(other))
            if text.lexicographicallyPrecedes(otherText) { return isAscending ? -1 : 1 }
            return otherText.lexicographicallyPrecedes(text) ? (isAscending ? 1 : -1) : 0
        }
    }

    // MARK: - Keys

    private func key(of order: SearchOrder<RunField>) throws -> Key? {
        let isAscending = order.isAscending
        switch order.field {
        case .metric(let key):
            return try ranks(.metric(ExactKey(key)), isAscending: isAscending, ofImages: true) { $1 }
        case .param(let key): return try texts(.param(ExactKey(key)), isAscending: isAscending)
        case .tag(let key): return try texts(.tag(ExactKey(key)), isAscending: isAscending)
        case .text(let text): return try texts(.text(text), isAscending: isAscending)
        case .time(.start):
            return .ranks(slots.startTimes.map { Self.rank(of: $0, isAscending: isAscending) })
        case .time(.end): return try ranks(.endTime, isAscending: isAscending) { $1 }
        case .duration:
            return try ranks(.endTime, isAscending: isAscending) { $1 &- slots.startTimes[$0] }
        }
    }

    private func ranks(
        _ name: IntegerColumnName, isAscending: Bool, ofImages: Bool = false, _ value: (Int, Int64) -> Int64
    ) throws -> Key? {
        let column = try reading.column(name)
        guard !column.isEmpty else { return nil }
        return .ranks(
            column.values.indices.map { slot in
                guard column.present.contains(slot) else { return Self.missing }
                let value = value(slot, column.values[slot])
                guard !ofImages || value != OrderedBits.nan else { return Self.nan }
                return Self.rank(of: value, isAscending: isAscending)
            })
    }

    private func texts(_ name: TextColumnName, isAscending: Bool) throws -> Key? {
        switch try reading.column(name) {
        case .inMemory(let column): column.isEmpty ? nil : .texts(column, isAscending: isAscending)
        case .tooLarge: .ranks(try ranks(ofTexts: name, isAscending: isAscending))
        }
    }

    /// The places of texts among all of them, which the store tells in their order.
    private func ranks(ofTexts name: TextColumnName, isAscending: Bool) throws -> [Int64] {
        var ranks = Array(repeating: Self.missing, count: slots.count)
        var place: Int64 = -1
        try reading.scan(name, inOrder: true) { slot, _, isNew in
            if isNew { place += 1 }
            ranks[slot] = Self.rank(of: place, isAscending: isAscending)
        }
        return ranks
    }

    /// What has no value comes last in either direction, and NaN before that.
    private static let missing = Int64.max
    private static let nan = Int64.max - 1

    /// Images of numbers end far below these two; a time as late as they are would count as one of them.
    private static func rank(of value: Int64, isAscending: Bool) -> Int64 {
        min(isAscending ? value : ~value, nan - 1)
    }
}

extension [Int32] {
    /// The first elements of the array in order, without sorting all of it where few are asked for.
    fileprivate func first(
        _ count: Int, by isBefore: (Int32, Int32) throws -> Bool
    ) rethrows -> ArraySlice<Int32> {
        guard count < self.count / 4 else { return try sorted(by: isBefore).prefix(count) }
        var elements = self
        try elements.select(first: count, by: isBefore)
        return try elements.prefix(count).sorted(by: isBefore)[...]
    }

    /// Brings the first so many elements of the order to the front, in any order.
    ///
    /// Source: quickselect, C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4 (1961).
    private mutating func select(
        first count: Int, by isBefore: (Int32, Int32) throws -> Bool
    ) rethrows {
        var random = SystemRandomNumberGenerator()
        var low = 0
        var high = self.count - 1
        while low < high {
            let pivot = self[Int.random(in: low...high, using: &random)]
            var left = low
            var right = high
            while left <= right {
                while try isBefore(self[left], pivot) { left += 1 }
                while try isBefore(pivot, self[right]) { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if count - 1 <= right { high = right } else if count - 1 >= left { low = left } else { return }
        }
    }
}
