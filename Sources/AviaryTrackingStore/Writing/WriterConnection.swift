import AviaryTracking
import GRDB

/// The one connection of this process that writes to a store; lives on the writer's thread.
final class WriterConnection {
    private static let longLogByteCount = 64 * 1024 * 1024

    private let files: StoreFiles
    private let migrations: [Migration]
    private var lock: StoreLock?
    private var queue: DatabaseQueue?
    private var isWriter = false
    private var mustCheck = false

    init(files: StoreFiles, migrations: [Migration]) {
        self.files = files
        self.migrations = migrations
    }

    private var known: Int { migrations.last?.number ?? 0 }

    /// Makes the store ready for that access; returns the version it was migrated from, if it was.
    func prepare(_ access: StoreAccess) throws -> Int? {
        switch access {
        case .read:
            let version = try SchemaVersion.probe(files, known: known)
            guard version < known else { return nil }
            try FileSystem.check(files.folder)
            try heldLock().withLock { try migrateOnly() }
            return version
        case .write(let create):
            guard !isWriter else { return nil }
            return try becomeWriter(create: create)
        }
    }

    /// Runs the jobs in one transaction, then tells each how it went.
    func commit(_ jobs: [WriteJob]) {
        do {
            guard isWriter else {
                throw StoreProblem.unusable(path: files.folder, detail: "it was opened only for reading")
            }
            let answers = try heldLock().withLock {
                let answers = try transact(jobs, with: openedQueue())
                checkpointIfLong()
                return answers
            }
            for answer in answers { answer() }
        } catch {
            for job in jobs { job.fail(error) }
        }
    }

    /// Looks at what is committed while nobody, of any process, can commit more.
    func alone<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard isWriter else {
            throw StoreProblem.unusable(path: files.folder, detail: "it was opened only for reading")
        }
        return try heldLock().withLock { try openedQueue().writeWithoutTransaction(body) }
    }

    /// Reads the settings of the live connection.
    func settings() throws -> WriterSettings {
        try alone { db in
            func number(_ name: String) throws -> Int {
                try Int.fetchOne(db, sql: "PRAGMA \(name)") ?? -1
            }
            return WriterSettings(
                journalMode: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
                synchronous: try number("synchronous"),
                automaticCheckpoint: try number("wal_autocheckpoint"),
                foreignKeys: try number("foreign_keys") == 1,
                trustedSchema: try number("trusted_schema") == 1,
                cellSizeCheck: try number("cell_size_check") == 1,
                busyMilliseconds: try number("busy_timeout"))
        }
    }

    func close() throws {
        isWriter = false
        guard queue != nil else { return }
        try heldLock().withLock { try closeQueue() }
    }

    // MARK: - Opening

    private func heldLock() throws(StoreProblem) -> StoreLock {
        if let lock { return lock }
        let made = try StoreLock(files)
        lock = made
        return made
    }

    private func becomeWriter(create: Bool) throws -> Int? {
        try FileSystem.check(files.folder)
        if try !files.hasDatabase() {
            guard create else { throw StoreProblem.missing(path: files.folder) }
        } else {
            _ = try SchemaVersion.probe(files, known: known)  // before anything of ours stands in the folder
        }
        let version = try heldLock().withLock {
            try StoreFiles.makeFolder(files.temporary)
            try files.sweepTemporary()
            if try !files.hasDatabase() { try StoreDraft.make(files: files, migrations: migrations) }
            let version = try SchemaVersion.probe(files, known: known)
            _ = try openedQueue()
            return version
        }
        isWriter = true
        return version < known ? version : nil
    }

    private func migrateOnly() throws {
        _ = try openedQueue()
        try closeQueue()
    }

    /// The connection, opened (again) and migrated; only under the lock.
    private func openedQueue() throws -> DatabaseQueue {
        if let queue { return queue }
        guard try files.hasDatabase() else { throw StoreProblem.missing(path: files.folder) }
        let opened = try StoreConnections.writer(files.database)
        do {
            try opened.writeWithoutTransaction { try setUp($0) }
        } catch {
            try? opened.close()  // the first error says more
            throw error
        }
        mustCheck = false
        queue = opened
        return opened
    }

    private func setUp(_ db: Database) throws {
        let version = try SchemaVersion.check(db, files: files, known: known)
        if mustCheck, let fault = try Faults.find(db).first {
            throw StoreProblem.damaged(path: files.folder, detail: fault)
        }
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") ?? "none"
        guard mode == "wal" else {
            throw StoreProblem.unusable(path: files.folder, detail: "its journal mode stays '\(mode)'")
        }
        guard version < known else { return }
        try SchemaBackup.make(of: db, version: version, files: files)
        for migration in migrations where migration.number > version { try migration.run(db) }
    }

    private func closeQueue() throws {
        let closing = queue
        queue = nil
        try closing?.close()
    }

    // MARK: - Writing

    /// One transaction for all jobs, each in a savepoint of its own; returns what to tell them.
    private func transact(_ jobs: [WriteJob], with queue: DatabaseQueue) throws -> [@Sendable () -> Void] {
        do {
            return try queue.writeWithoutTransaction { db in
                try db.beginTransaction(.immediate)
                do {
                    _ = try SchemaVersion.check(db, files: files, known: known)
                    let answers = try perform(jobs, db)
                    try db.commit()
                    return answers
                } catch {
                    try? db.rollback()  // SQLite may have done it; the first error is the one to tell
                    throw error
                }
            }
        } catch {
            distrust(error)
            throw error
        }
    }

    private func perform(_ jobs: [WriteJob], _ db: Database) throws -> [@Sendable () -> Void] {
        let revision = try RevisionTable.current(db) + 1
        var answers: [@Sendable () -> Void] = []
        var hasChanged = false
        for job in jobs {
            do {
                try db.inSavepoint {
                    answers.append(try job.perform(WriteTransaction(database: db, revision: revision)))
                    return .commit
                }
                hasChanged = true
            } catch {
                guard db.isInsideTransaction, !Self.concernsAll(error) else { throw error }
                answers.append { job.fail(error) }
            }
        }
        if hasChanged { try RevisionTable.set(revision, db) }
        return answers
    }

    /// Whether it is the disk's or the file's fault rather than this job's.
    private static func concernsAll(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.resultCode != .SQLITE_CONSTRAINT && error.resultCode != .SQLITE_TOOBIG
    }

    /// Gives the connection up after an error of the disk; the next one checks the file before it writes.
    ///
    /// After a failed sync nobody knows which pages are on disk: the kernel may have dropped them.
    private func distrust(_ error: any Error) {
        guard let code = (error as? DatabaseError)?.resultCode else { return }
        guard code == .SQLITE_IOERR || code == .SQLITE_CORRUPT || code == .SQLITE_CANTOPEN else { return }
        mustCheck = true
        try? closeQueue()  // what cannot be closed is given up all the same
    }

    /// Empties a long log into the database.
    ///
    /// Readers in the way are ordinary: the next writer tries again.
    private func checkpointIfLong() {
        guard let queue else { return }
        do {
            guard let byteCount = try StoreFiles.byteCount(of: files.log), byteCount > Self.longLogByteCount
            else { return }
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA busy_timeout = 0")  // nobody waits for a reader under the lock
                let outcome = Result { try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
                try db.execute(sql: "PRAGMA busy_timeout = \(StoreFiles.busyMilliseconds)")
                _ = try outcome.get()
            }
        } catch {
            // The commit before it stands, so its callers hear of no error; the next write finds out.
            distrust(error)
        }
    }
}
