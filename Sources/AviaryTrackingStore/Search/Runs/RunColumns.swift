import GRDB
import Synchronization

/// The values of runs that searches ask for, kept in memory from one search to the next.
///
/// Every write notes its revision on the runs that it touches. Hence what is in memory is brought up to date from those
/// runs alone, and a search costs the same whichever runs its filter keeps. What another process writes counts the same.
final class RunColumns: Sendable {
    private struct Entry {
        var column: RunColumn
        var revision: Int64
        let generation: Int
        var lastUse: Int
    }

    private struct State {
        var slots: RunSlots?
        var generation = 0
        var entries: [RunColumnName: Entry] = [:]
        var useCount = 0
    }

    private let state = Mutex(State())
    private let byteLimit: Int

    /// - Parameter byteLimit: Columns that were not asked for lately are given up beyond this.
    init(byteLimit: Int = 128 << 20) {
        self.byteLimit = byteLimit
    }

    /// The runs of the store as this transaction sees them.
    func slots(_ db: Database) throws -> RunSlots {
        let revision = try RevisionTable.current(db)
        return try state.withLock { state in
            if let known = state.slots {
                if known.revision == revision { return known }
                if known.revision < revision, let slots = try RunSlotsQuery.updated(known, to: revision, db) {
                    state.slots = slots
                    return slots
                }
            }
            state.generation += 1
            let slots = try RunSlotsQuery.all(revision: revision, generation: state.generation, db)
            // A transaction that began before another search's does not turn the clock back for all.
            if revision >= state.slots?.revision ?? 0 {
                state.slots = slots
                state.entries = [:]
            }
            return slots
        }
    }

    /// A column of these slots, which the same transaction has read.
    func column(_ name: RunColumnName, of slots: RunSlots, _ db: Database) throws -> RunColumn {
        try state.withLock { state in
            guard slots.generation == state.slots?.generation else {
                return try RunColumnQuery.column(name, of: slots, db)
            }
            state.useCount += 1
            if var entry = state.entries[name], entry.generation == slots.generation {
                guard entry.revision <= slots.revision else {
                    return try RunColumnQuery.column(name, of: slots, db)
                }
                if entry.revision < slots.revision {
                    entry.column = try RunColumnQuery.updated(
                        entry.column, name, since: entry.revision, of: slots, db)
                    entry.revision = slots.revision
                }
                entry.lastUse = state.useCount
                state.entries[name] = entry
                return entry.column
            }
            let column = try RunColumnQuery.column(name, of: slots, db)
            state.entries[name] = Entry(
                column: column, revision: slots.revision, generation: slots.generation,
                lastUse: state.useCount)
            Self.makeRoom(in: &state, byteLimit)
            return column
        }
    }

    private static func makeRoom(in state: inout State, _ byteLimit: Int) {
        var byteCount = state.entries.values.reduce(0) { $0 + $1.column.byteCount }
        while byteCount > byteLimit, state.entries.count > 1,
            let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            byteCount -= oldest.value.column.byteCount
            state.entries[oldest.key] = nil
        }
    }
}
