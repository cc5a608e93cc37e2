import AviaryTracking
import GRDB

enum LoggedModelTable {
    static let tags = PairTable(name: "logged_model_tag", owner: "model")
    private static let params = PairTable(name: "logged_model_param", owner: "model")

    private static let rows = """
        SELECT logged_model.id, uuid, logged_model.name, experiment, status, model_type, run,
            experiment.artifact_location, logged_model.created_at, logged_model.updated_at, logged_model.deleted_at
        FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
        """

    static func insert(_ new: NewLoggedModel, id: String, at time: Timestamp, _ db: Database) throws -> Int64
    {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO logged_model
                    (uuid, experiment, name, status, model_type, run, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(
            arguments: [
                id, new.experiment, new.name ?? RunName.random(), LoggedModelStatus.pending.rawValue,
                new.type,
                new.sourceRun, time.milliseconds, time.milliseconds,
            ])
        return db.lastInsertedRowID
    }

    /// Adds params; those that are there must have the same values.
    static func add(
        params new: [ExactKey: String], to model: Int64, _ id: String, _ db: Database
    ) throws {
        let changes = try params.add(new, to: model, db)
        guard changes.isEmpty else { throw TrackingError.loggedModelParamsChanged(model: id, changes) }
    }

    /// The number of this model, in the trash or not; throws if there is none.
    static func number(_ id: String, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT id FROM logged_model WHERE uuid = ?")
        guard let number = try Int64.fetchOne(statement, arguments: [id]) else {
            throw TrackingError.loggedModelNotFound(id)
        }
        return number
    }

    /// The model of this number, in the trash or not.
    static func model(_ number: Int64, _ db: Database) throws -> LoggedModel? {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE logged_model.id = ?")
        return try Row.fetchOne(statement, arguments: [number]).map { try model($0, db) }
    }

    /// The model of this identifier, in the trash or not; throws if there is none.
    static func model(_ id: String, _ db: Database) throws -> LoggedModel {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE uuid = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else {
            throw TrackingError.loggedModelNotFound(id)
        }
        return try model(row, db)
    }

    static func setStatus(
        _ status: LoggedModelStatus, of number: Int64, at time: Timestamp, _ db: Database
    ) throws {
        try db.cachedStatement(sql: "UPDATE logged_model SET status = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [status.rawValue, time.milliseconds, number])
    }

    /// Puts it into the trash; one that is there keeps the time at which it went.
    static func delete(_ number: Int64, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE logged_model SET deleted_at = ifnull(deleted_at, ?), updated_at = ? WHERE id = ?
                """
        ).execute(arguments: [time.milliseconds, time.milliseconds, number])
    }

    /// From `rows`.
    private static func model(_ row: Row, _ db: Database) throws -> LoggedModel {
        let number: Int64 = row[0]
        let id: String = row[1]
        let code: Int64 = row[4]
        let deletedAt: Int64? = row[10]
        guard let status = LoggedModelStatus(rawValue: code) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "logged model '\(id)' has status \(code)")
        }
        return LoggedModel(
            id: id, name: row[2], experimentID: row[3], status: status, type: row[5], sourceRun: row[6],
            artifactLocation: ArtifactPlace.ofLoggedModel(id, in: row[7]),
            createdAt: Timestamp(milliseconds: row[8]), updatedAt: Timestamp(milliseconds: row[9]),
            isDeleted: deletedAt != nil, params: try params.all(of: number, db),
            tags: try tags.all(of: number, db))
    }
}
