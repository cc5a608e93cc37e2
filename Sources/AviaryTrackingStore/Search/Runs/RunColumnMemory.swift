/// The columns that are in memory, of all kinds.
struct RunColumnMemory {
    /// Most have no value of any run, and are known for that: so many cost little, and a search asks for some hundred at
    /// most.
    static let countLimit = 4096

    var integers = KeptColumns<IntegerColumnName>()
    var numbers = KeptColumns<NumberColumnName>()
    var texts = KeptColumns<TextColumnName>()
    private var useCount = 0

    /// About how much memory they take.
    var byteCount: Int { integers.byteCount + numbers.byteCount + texts.byteCount }
    var count: Int { integers.count + numbers.count + texts.count }

    /// A new moment, later than all others.
    mutating func nextUse() -> Int {
        useCount += 1
        return useCount
    }

    /// Gives up what was asked for longest ago where there is too much, and then some more: to look for it takes as long
    /// however much it is.
    mutating func makeRoom(byteLimit: Int) {
        guard byteCount > byteLimit || count > Self.countLimit else { return }
        let uses = (integers.uses + numbers.uses + texts.uses).sorted { $0.moment < $1.moment }
        var (byteCount, count) = (byteCount, count)
        var last = 0
        for use in uses {
            guard byteCount > byteLimit / 8 * 7 || count > Self.countLimit / 8 * 7 else { break }
            byteCount -= use.byteCount
            count -= 1
            last = use.moment
        }
        integers.removeAll(usedUpTo: last)
        numbers.removeAll(usedUpTo: last)
        texts.removeAll(usedUpTo: last)
    }

    mutating func removeAll() {
        integers.removeAll(usedUpTo: .max)
        numbers.removeAll(usedUpTo: .max)
        texts.removeAll(usedUpTo: .max)
    }
}

/// When a column was asked for last, and what it takes.
struct ColumnUse {
    let moment: Int
    let byteCount: Int
}

/// The columns of one kind that are in memory.
struct KeptColumns<Name: RunColumnName>: Sendable {
    struct Entry {
        let column: Name.Column
        /// Of the store whose values these are.
        let revision: Int64
        fileprivate let byteCount: Int
        fileprivate var lastUse: Int
    }

    /// What an entry takes beside its values and its key.
    private static var entryByteCount: Int { 256 }

    private var entries: [Name: Entry] = [:]
    private(set) var byteCount = 0

    var count: Int { entries.count }
    var uses: [ColumnUse] { entries.values.map { ColumnUse(moment: $0.lastUse, byteCount: $0.byteCount) } }

    /// A column, if it is here, asked for now.
    mutating func use(_ name: Name, at moment: Int) -> Entry? {
        entries[name]?.lastUse = moment
        return entries[name]
    }

    /// Keeps a column, unless there is a newer one.
    mutating func keep(_ column: Name.Column, _ name: Name, revision: Int64, at moment: Int) {
        if let known = entries[name], known.revision > revision { return }
        let byteCount = Self.entryByteCount + (name.source.key?.utf8.count ?? 0) + column.byteCount
        remove(name)
        entries[name] = Entry(column: column, revision: revision, byteCount: byteCount, lastUse: moment)
        self.byteCount += byteCount
    }

    mutating func remove(_ name: Name) {
        if let entry = entries.removeValue(forKey: name) { byteCount -= entry.byteCount }
    }

    mutating func removeAll(usedUpTo moment: Int) {
        entries = entries.filter { $0.value.lastUse > moment }
        byteCount = entries.values.reduce(0) { $0 + $1.byteCount }
    }
}
