import AviaryArtifacts
package import AviaryTracking
import GRDB
import Synchronization

/// The record of runs in a folder, kept in SQLite and shared with other processes.
///
/// Writes return once they are on disk. Those that wait at the same time share one transaction and one sync.
package final class SQLiteStore: Sendable {
    /// The absolute path of the store's folder, without symbolic links.
    package let folder: String
    let readers: Readers
    let runColumns = RunColumns()
    let timeOrders = TimeOrders()
    let blobs: BlobStore
    /// Where files are hashed and synced, so that nobody's points wait for them.
    let blobQueues: BlockingQueues
    private let thread: WriterThread
    private let migratedFrom = Mutex<Int?>(nil)

    init(files: StoreFiles, migrations: [Migration]) {
        folder = files.folder
        readers = Readers(files: files)
        blobs = BlobStore(folder: files.folder)
        blobQueues = BlockingQueues(label: "aviary.blobs", folder: files.folder, count: 4)
        thread = WriterThread(files: files, migrations: migrations)
    }

    /// Opens the store in a folder; each opening wants its own `close`.
    ///
    /// An older store is migrated after a backup, a newer one refused. Opened twice in a process, it is one object
    /// with the wider of the two accesses.
    package static func open(
        _ folder: String, _ access: StoreAccess
    ) async throws(TrackingError) -> SQLiteStore {
        try await open(folder, access, migrations: Migration.embedded)
    }

    /// Opens with other migrations than the program's, for tests of migrating.
    package static func open(
        _ folder: String, _ access: StoreAccess, migrations: [Migration]
    ) async throws(TrackingError) -> SQLiteStore {
        let files: StoreFiles
        do {
            files = try StoreFiles(folder: folder, access: access)
        } catch {
            throw .store(error)
        }
        let store = OpenStores.take(files, migrations: migrations)
        do {
            let version = try await store.onThread { try $0.prepare(access) }
            if let version { store.migratedFrom.withLock { $0 = version } }
            return store
        } catch {
            try? await store.close()  // the first error is the one to tell
            throw error
        }
    }

    /// The schema that opening found and migrated; `nil` if there was nothing to migrate.
    package var schemaBeforeOpening: Int? { migratedFrom.withLock { $0 } }

    /// Gives this opening back; the last one waits for what is being written, then closes all connections.
    package func close() async throws(TrackingError) {
        guard OpenStores.giveBack(self) else { return }
        runColumns.stopReadingAhead()
        try await onThread(isLast: true) { [readers] connection in
            do {
                try connection.close()
            } catch {
                try? readers.close()  // the first error is the one to tell
                throw error
            }
            try readers.close()
        }
    }

    /// The settings of the live writer's connection.
    package func writerSettings() async throws(TrackingError) -> WriterSettings {
        try await onThread { try $0.settings() }
    }

    static func closedProblem(_ folder: String) -> StoreProblem {
        .unusable(path: folder, detail: "it was closed")
    }

    /// Makes changes that stand or fall together, in a transaction that other callers may share.
    func write<Value: Sendable>(
        rowCount: Int = 1, _ change: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws(TrackingError) -> Value {
        let result: Result<Value, TrackingError> = await withCheckedContinuation { continuation in
            let job = WriteJob(
                rowCount: rowCount,
                perform: { transaction in
                    let value = try change(transaction)
                    return { continuation.resume(returning: .success(value)) }
                },
                fail: { [folder] error in
                    continuation.resume(returning: .failure(TrackingError(error, in: folder)))
                })
            if !thread.submit(.write(job)) { job.fail(Self.closedProblem(folder)) }
        }
        return try result.get()
    }

    /// Runs something on the writer's thread, outside of any transaction.
    func onThread<Value: Sendable>(
        isLast: Bool = false, _ body: @escaping @Sendable (WriterConnection) throws -> Value
    ) async throws(TrackingError) -> Value {
        let result: Result<Value, TrackingError> = await withCheckedContinuation { continuation in
            let call: @Sendable (WriterConnection) -> Void = { [folder] connection in
                do {
                    continuation.resume(returning: .success(try body(connection)))
                } catch {
                    continuation.resume(returning: .failure(TrackingError(error, in: folder)))
                }
            }
            if !thread.submit(isLast ? .stop(call) : .call(call)) {
                continuation.resume(returning: .failure(.store(Self.closedProblem(folder))))
            }
        }
        return try result.get()
    }
}
