/// What every search asks of every run; the place of a run among these is its slot.
struct RunSlots: Sendable {
    /// Of the store when this was read.
    private(set) var revision: Int64
    /// Columns go with these slots if they have the same number: a new one where runs have lost their slots.
    let generation: Int
    /// Ascending: a new run has a new slot behind all others.
    private(set) var ids: [Int64] = []
    private(set) var experiments: [Int64] = []
    private(set) var startTimes: [Int64] = []
    private(set) var deleted: SlotSet

    var count: Int { ids.count }

    init(revision: Int64, generation: Int) {
        self.revision = revision
        self.generation = generation
        deleted = SlotSet(slotCount: 0)
    }

    /// The slot of a run's row; `nil` if it has none.
    func slot(of id: Int64) -> Int? {
        guard let first = ids.first else { return nil }
        // Rows are numbered without gaps until runs are gone for good.
        let (guess, overflow) = id.subtractingReportingOverflow(first)
        if !overflow, guess >= 0, guess < ids.count, ids[Int(guess)] == id { return Int(guess) }
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }

    /// Takes in the runs that changed until a later revision, in the order of their rows.
    mutating func update(_ rows: [RunSlotRow], to revision: Int64) {
        self.revision = revision
        for row in rows {
            if let slot = slot(of: row.id) { set(row, at: slot) } else { append(row) }
        }
    }

    /// Takes in a run whose row is behind those of all others.
    mutating func append(_ row: RunSlotRow) {
        ids.append(row.id)
        experiments.append(row.experiment)
        startTimes.append(row.startTime)
        deleted.grow(to: ids.count)
        if row.isDeleted { deleted.insert(ids.count - 1) }
    }

    private mutating func set(_ row: RunSlotRow, at slot: Int) {
        experiments[slot] = row.experiment
        startTimes[slot] = row.startTime
        if row.isDeleted { deleted.insert(slot) } else { deleted.remove(slot) }
    }
}

struct RunSlotRow {
    let id: Int64
    let experiment: Int64
    let startTime: Int64
    let isDeleted: Bool
}
