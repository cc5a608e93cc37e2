import GRDB
import Synchronization

/// The values of runs that searches ask for, kept in memory from one search to the next.
///
/// Every write notes its revision on the runs that it touches. Hence what is in memory is brought up to date from those
/// runs alone, and a search costs the same whichever runs its filter keeps. What another process writes counts the same.
final class RunColumns: Sendable {
    private struct Entry {
        let column: RunColumn
        let revision: Int64
        var lastUse: Int
    }

    private struct State {
        var slots: RunSlots?
        var generation = 0
        /// All of the generation of `slots`.
        var entries: [RunColumnName: Entry] = [:]
        var useCount = 0
        var isWarming = false
    }

    // Nobody reads the store while the lock is held: what one search has to read, others need not wait for. Two may
    // then read the same, of which the later one is kept.
    private let state = Mutex(State())
    private let byteLimit: Int

    /// - Parameter byteLimit: Columns that were not asked for lately are given up beyond this.
    init(byteLimit: Int = 128 << 20) {
        self.byteLimit = byteLimit
    }

    /// The runs of the store as this transaction sees them.
    func slots(_ db: Database) throws -> RunSlots {
        let revision = try RevisionTable.current(db)
        if let known = state.withLock({ $0.slots }) {
            if known.revision == revision { return known }
            if known.revision < revision, let slots = try RunSlotsQuery.updated(known, to: revision, db) {
                state.withLock { Self.keep(slots, in: &$0) }
                return slots
            }
        }
        let generation = state.withLock { state in
            state.generation += 1
            return state.generation
        }
        let slots = try RunSlotsQuery.all(revision: revision, generation: generation, db)
        state.withLock { Self.keep(slots, in: &$0) }
        return slots
    }

    /// A column of these slots, which the same transaction has read.
    func column(_ name: RunColumnName, of slots: RunSlots, _ db: Database) throws -> RunColumn {
        let known = state.withLock { Self.entry(name, of: slots, in: &$0) }
        if let known, known.revision == slots.revision { return known.column }
        let column: RunColumn
        if let known, known.revision < slots.revision {
            column = try RunColumnQuery.updated(known.column, name, since: known.revision, of: slots, db)
        } else {
            column = try RunColumnQuery.column(name, of: slots, db)
        }
        state.withLock { state in
            let newer = state.entries[name].map { $0.revision > slots.revision } ?? false
            guard slots.generation == state.slots?.generation, !newer else { return }
            state.entries[name] = Entry(column: column, revision: slots.revision, lastUse: state.useCount)
            Self.makeRoom(in: &state, byteLimit)
        }
        return column
    }

    /// Whether nobody else is about to read columns ahead of a search; says so if it is to be done.
    func startWarming() -> Bool {
        state.withLock { state in
            defer { state.isWarming = true }
            return !state.isWarming
        }
    }

    func endWarming() {
        state.withLock { $0.isWarming = false }
    }

    private static func entry(
        _ name: RunColumnName, of slots: RunSlots, in state: inout State
    ) -> Entry? {
        guard slots.generation == state.slots?.generation else { return nil }
        state.useCount += 1
        state.entries[name]?.lastUse = state.useCount
        return state.entries[name]
    }

    /// A transaction that began before another search's does not turn the clock back for all.
    private static func keep(_ slots: RunSlots, in state: inout State) {
        if let known = state.slots {
            guard slots.revision >= known.revision else { return }
            if slots.generation != known.generation { state.entries = [:] }
        }
        state.slots = slots
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
