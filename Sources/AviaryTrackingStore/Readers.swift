import AviaryTracking
import GRDB
import Synchronization

/// The connections of a store that only read; opened when the first question comes.
final class Readers: Sendable {
    private struct State {
        var pool: DatabasePool?
        var watcher: DatabaseQueue?
        var seen: ChangedRunsQuery.Seen?
        var isClosed = false
    }

    private let files: StoreFiles
    private let state = Mutex(State())
    /// Opening may wait for a writer that recovers the log; one at a time, so that each is opened once.
    private let opening: BlockingQueue

    init(files: StoreFiles) {
        self.files = files
        opening = BlockingQueue(label: "aviary.readers.opening", folder: files.folder)
    }

    /// Answers a question in one read transaction, which should be over within a second.
    func read<Value: Sendable>(
        _ question: @escaping @Sendable (Database) throws -> Value
    ) async throws(TrackingError) -> Value {
        let pool = try await self.pool()
        do {
            return try await pool.read(question)
        } catch {
            throw TrackingError(error, in: files.folder)
        }
    }

    /// Finds what changed, through the one connection whose `data_version` is compared.
    func changes(since revision: Int64) async throws(TrackingError) -> Changes {
        let watcher = try await self.watcher()
        let seen = state.withLock { $0.seen }
        do {
            let (changes, now) = try await watcher.unsafeRead { db in
                try ChangedRunsQuery.changes(since: revision, seen: seen, db)
            }
            state.withLock { $0.seen = now }
            return changes
        } catch {
            throw TrackingError(error, in: files.folder)
        }
    }

    /// Closes what is open; later questions are refused.
    ///
    /// Blocks until running ones are over.
    func close() throws {
        let (pool, watcher) = state.withLock { state in
            defer { state = State(isClosed: true) }
            return (state.pool, state.watcher)
        }
        try pool?.close()
        try watcher?.close()
    }

    private func pool() async throws(TrackingError) -> DatabasePool {
        if let pool = state.withLock({ $0.pool }) { return pool }
        return try await opening.run { [self] in
            if let pool = state.withLock({ $0.pool }) { return pool }
            try checkOpen()
            let made = try StoreConnections.readers(files.database)
            try keep { $0.pool = made }
            return made
        }
    }

    private func watcher() async throws(TrackingError) -> DatabaseQueue {
        if let watcher = state.withLock({ $0.watcher }) { return watcher }
        return try await opening.run { [self] in
            if let watcher = state.withLock({ $0.watcher }) { return watcher }
            try checkOpen()
            let made = try StoreConnections.reader(files.database)
            try keep { $0.watcher = made }
            return made
        }
    }

    private func checkOpen() throws(StoreProblem) {
        if state.withLock({ $0.isClosed }) { throw SQLiteStore.closedProblem(files.folder) }
    }

    private func keep(_ change: @Sendable (inout State) -> Void) throws(StoreProblem) {
        let isClosed = state.withLock { state in
            if !state.isClosed { change(&state) }
            return state.isClosed
        }
        if isClosed { throw SQLiteStore.closedProblem(files.folder) }
    }
}
