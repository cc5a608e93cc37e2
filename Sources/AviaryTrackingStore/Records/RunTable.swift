import AviaryTracking
import GRDB

/// The part of a run that stands in its own row.
struct RunRow {
    static let columns = """
        run.id, uuid, run.name, experiment.name, status, start_time, end_time, heartbeat, run.experiment, user,
        run.deleted_at, experiment.artifact_location
        """

    let id: Int64
    let uuid: RunID
    let name: String
    let experiment: String
    let experimentID: Int64
    let user: String
    let status: RunStatus
    let startTime: Timestamp
    let endTime: Timestamp?
    let heartbeat: Timestamp?
    let isDeleted: Bool
    let artifactLocation: String

    /// From `columns`.
    init(_ row: Row) throws {
        let text: String = row[1]
        let word: String = row[4]
        guard let uuid = RunID(text), let status = RunStatus(rawValue: word) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run '\(text)' has status '\(word)'")
        }
        let end: Int64? = row[6]
        let beat: Int64? = row[7]
        self.id = row[0]
        self.uuid = uuid
        self.name = row[2]
        self.experiment = row[3]
        self.status = status
        startTime = Timestamp(milliseconds: row[5])
        endTime = end.map { Timestamp(milliseconds: $0) }
        heartbeat = beat.map { Timestamp(milliseconds: $0) }
        experimentID = row[8]
        user = row[9]
        let deletedAt: Int64? = row[10]
        isDeleted = deletedAt != nil
        artifactLocation = ArtifactPlace.ofRun(uuid, in: row[11])
    }

    /// Whether the recorder sent heartbeats and stopped.
    func isStale(at now: Timestamp) -> Bool {
        guard status == .running, let heartbeat else { return false }
        return now.duration(since: heartbeat) > Heartbeat.tolerance
    }
}

enum RunTable {
    static let params = PairTable(name: "param", owner: "run")

    static func insert(
        _ run: NewRun, id: RunID, name: String, experiment: Int64, _ transaction: WriteTransaction
    ) throws -> Int64 {
        let statement = try transaction.database.cachedStatement(
            sql: """
                INSERT INTO run (uuid, experiment, name, user, status, start_time, revision)
                VALUES (?, ?, ?, ?, 'RUNNING', ?, ?)
                """)
        try statement.execute(
            arguments: [
                id.description, experiment, name, run.user, run.startTime.milliseconds, transaction.revision,
            ])
        return transaction.database.lastInsertedRowID
    }

    private static let rows =
        "SELECT \(RunRow.columns) FROM run JOIN experiment ON experiment.id = run.experiment"

    /// Adds params; those that are there must have the same values.
    static func add(params new: [ExactKey: String], to run: Int64, _ id: RunID, _ db: Database) throws {
        let changes = try params.add(new, to: run, db)
        guard changes.isEmpty else { throw TrackingError.paramsChanged(run: id.description, changes) }
    }

    /// The row of this run; throws if there is none.
    static func row(_ run: RunID, _ db: Database) throws -> RunRow {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE uuid = ?")
        guard let row = try Row.fetchOne(statement, arguments: [run.description]) else {
            throw TrackingError.runNotFound(run.description)
        }
        return try RunRow(row)
    }

    /// The number of this run, if there is one.
    static func find(_ run: RunID, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT id FROM run WHERE uuid = ?")
        return try Int64.fetchOne(statement, arguments: [run.description])
    }

    /// The row of this number.
    static func row(_ id: Int64, _ db: Database) throws -> RunRow? {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE run.id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try RunRow($0) }
    }

    /// The run's number and status, noted as changed by this transaction; throws if there is none, or if it is in the
    /// trash.
    static func touch(
        _ run: RunID, evenDeleted: Bool = false, _ transaction: WriteTransaction
    ) throws -> (id: Int64, status: RunStatus) {
        let db = transaction.database
        let statement = try db.cachedStatement(sql: "SELECT id, status, deleted_at FROM run WHERE uuid = ?")
        guard let row = try Row.fetchOne(statement, arguments: [run.description]) else {
            throw TrackingError.runNotFound(run.description)
        }
        let id: Int64 = row[0]
        let word: String = row[1]
        let deletedAt: Int64? = row[2]
        guard let status = RunStatus(rawValue: word) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run \(run) has status '\(word)'")
        }
        guard evenDeleted || deletedAt == nil else {
            throw TrackingError.deleted(.run, id: run.description)
        }
        try db.cachedStatement(sql: "UPDATE run SET revision = ? WHERE id = ?")
            .execute(arguments: [transaction.revision, id])
        return (id, status)
    }

    /// Notes that something of this run changed, if there is one.
    static func note(_ run: RunID, _ transaction: WriteTransaction) throws {
        try transaction.database.cachedStatement(sql: "UPDATE run SET revision = ? WHERE uuid = ?")
            .execute(arguments: [transaction.revision, run.description])
    }

    static func setStatus(_ status: RunStatus, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET status = ? WHERE id = ?")
            .execute(arguments: [status.rawValue, id])
    }

    static func setName(_ name: String, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET name = ? WHERE id = ?").execute(arguments: [name, id])
    }

    static func setEndTime(_ time: Timestamp?, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET end_time = ? WHERE id = ?")
            .execute(arguments: [time?.milliseconds, id])
    }

    static func setDeleted(_ time: Timestamp?, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET deleted_at = ? WHERE id = ?")
            .execute(arguments: [time?.milliseconds, id])
    }

    /// Puts all runs of an experiment into the trash; those that are there stay as they are.
    static func deleteAll(in experiment: Int64, at time: Timestamp, _ transaction: WriteTransaction) throws {
        try transaction.database.cachedStatement(
            sql: "UPDATE run SET deleted_at = ?, revision = ? WHERE experiment = ? AND deleted_at IS NULL"
        ).execute(arguments: [time.milliseconds, transaction.revision, experiment])
    }

    /// Takes all runs of an experiment out of the trash, or those that went there at a moment; not those of which a
    /// part is freed.
    static func restoreAll(
        in experiment: Int64, deletedAt time: Timestamp?, _ transaction: WriteTransaction
    ) throws {
        let isMeant = time == nil ? "IS NOT ?" : "= ?"
        try transaction.database.cachedStatement(
            sql: """
                UPDATE run SET deleted_at = NULL, revision = ?
                WHERE experiment = ? AND deleted_at \(isMeant)
                    AND id NOT IN (SELECT id FROM condemned WHERE kind = 'run')
                """
        ).execute(arguments: [transaction.revision, experiment, time?.milliseconds])
    }

    /// The transactions that changed a run last, and that took points of it away.
    static func revisions(of id: Int64, _ db: Database) throws -> (changed: Int64, cut: Int64) {
        let statement = try db.cachedStatement(sql: "SELECT revision, cut_revision FROM run WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return (0, 0) }
        return (row[0], row[1])
    }

    /// How many runs say that they run, and have fallen silent.
    static func staleCount(at now: Timestamp, _ db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM run WHERE status = 'RUNNING' AND heartbeat < ?")
        let tolerance = Heartbeat.tolerance.components.seconds * 1000
        return try Int.fetchOne(statement, arguments: [now.milliseconds - tolerance]) ?? 0
    }

    /// Notes that points of a run were taken away, which those who follow it cannot be told one by one.
    static func noteCut(_ id: Int64, _ transaction: WriteTransaction) throws {
        try transaction.database.cachedStatement(sql: "UPDATE run SET cut_revision = ? WHERE id = ?")
            .execute(arguments: [transaction.revision, id])
    }

    static func setHeartbeat(_ time: Timestamp, of id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE run SET heartbeat = ? WHERE id = ?")
            .execute(arguments: [time.milliseconds, id])
    }
}
