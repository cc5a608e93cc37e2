import GRDB
import Synchronization

/// The values of runs that searches ask for, kept in memory from one search to the next.
///
/// Every write notes its revision on the runs that it touches. Hence what is in memory is brought up to date from those
/// runs alone, and a search costs the same whichever runs its filter keeps. What another process writes counts the same.
final class RunColumns: Sendable {
    private struct State {
        var slots: RunSlots?
        var generation = 0
        /// All of the generation of `slots`.
        var memory = RunColumnMemory()
        var byteLimit: Int
        var readingAhead: Task<Void, Never>?
    }

    // Nobody reads the store while the lock is held: what one search has to read, others need not wait for. Two may
    // then read the same, of which the later one is kept.
    private let state: Mutex<State>

    /// - Parameter byteLimit: Columns that were not asked for lately are given up beyond this.
    init(byteLimit: Int = 128 << 20) {
        state = Mutex(State(byteLimit: byteLimit))
    }

    /// How many columns are in memory, and about how much they take.
    var size: SearchMemory {
        state.withLock { SearchMemory(columnCount: $0.memory.count, byteCount: $0.memory.byteCount) }
    }

    func limit(to byteCount: Int) {
        state.withLock { state in
            state.byteLimit = byteCount
            state.memory.makeRoom(byteLimit: byteCount)
        }
    }

    /// The runs of the store as this transaction sees them.
    func slots(_ db: Database) throws -> RunSlots {
        let revision = try RevisionTable.current(db)
        if let known = state.withLock({ $0.slots }) {
            if known.revision == revision { return known }
            if known.revision < revision, let slots = try RunSlotsQuery.updated(known, to: revision, db) {
                return state.withLock { Self.keep(slots, in: &$0) }
            }
        }
        let generation = state.withLock { state in
            state.generation += 1
            return state.generation
        }
        let slots = try RunSlotsQuery.all(revision: revision, generation: generation, db)
        return state.withLock { Self.keep(slots, in: &$0) }
    }

    /// A column of these slots, which the same transaction has read.
    func column<Name: RunColumnName>(
        _ name: Name, of slots: RunSlots, _ db: Database
    ) throws -> Name.Column {
        let (known, byteLimit) = state.withLock { (Self.entry(name, of: slots, in: &$0), $0.byteLimit) }
        if let known, known.revision == slots.revision { return known.column }
        // No single name takes the place of all others.
        let query = RunColumnQuery(name: name, slots: slots, textByteLimit: byteLimit / 2, db: db)
        let column: Name.Column
        if let known, known.revision < slots.revision {
            column = try query.updated(known.column, since: known.revision)
        } else {
            column = try query.column()
        }
        state.withLock { state in
            guard slots.generation == state.slots?.generation else { return }
            let moment = state.memory.nextUse()
            state.memory[keyPath: Name.place].keep(column, name, revision: slots.revision, at: moment)
            state.memory.makeRoom(byteLimit: state.byteLimit)
        }
        return column
    }

    /// Says how much memory the texts of a name would take that were too many once: the next search may keep them.
    func note(_ byteCount: Int, of name: TextColumnName) {
        state.withLock { state in
            guard byteCount <= state.byteLimit / 2 else { return }
            state.memory.texts.remove(name)
        }
    }

    /// Starts reading that nobody waits for, unless some is under way: one at a time takes little from others.
    func readAhead(_ read: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard state.readingAhead == nil else { return }
            state.readingAhead = Task {
                await read()
                self.state.withLock { $0.readingAhead = nil }
            }
        }
    }

    /// Gives up what is read ahead, as the store is closed.
    func stopReadingAhead() {
        state.withLock { $0.readingAhead }?.cancel()
    }

    private static func entry<Name: RunColumnName>(
        _ name: Name, of slots: RunSlots, in state: inout State
    ) -> KeptColumns<Name>.Entry? {
        guard slots.generation == state.slots?.generation else { return nil }
        let moment = state.memory.nextUse()
        return state.memory[keyPath: Name.place].use(name, at: moment)
    }

    /// Keeps the runs unless newer ones are known: a transaction that began before another search's does not turn the
    /// clock back for all.
    ///
    /// - Returns: What the transaction goes on with: if two have read the same, both take one of them.
    private static func keep(_ slots: RunSlots, in state: inout State) -> RunSlots {
        if let known = state.slots {
            if slots.revision == known.revision { return known }
            guard slots.revision > known.revision else { return slots }
            if slots.generation != known.generation { state.memory.removeAll() }
        }
        state.slots = slots
        return slots
    }
}
