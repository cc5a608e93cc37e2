import AviaryTracking
import GRDB

enum ModelVersionTable {
    static let tags = PairTable(name: "model_version_tag", owner: "version")

    private static let rows = """
        SELECT model_version.id, registered_model.name, version, model_version.description, source, location, run,
            logged_model, run_link, stage, model_version.created_at, model_version.updated_at, model
        FROM model_version JOIN registered_model ON registered_model.id = model_version.model
        """

    /// The numbers of a version's row and of its model's.
    typealias Place = (id: Int64, model: Int64)

    /// Where a version stands; throws if there is none.
    static func place(of version: ModelVersionID, _ db: Database) throws -> Place {
        let statement = try db.cachedStatement(
            sql: """
                SELECT model_version.id, model
                FROM registered_model JOIN model_version ON model_version.model = registered_model.id
                WHERE name = ? AND version = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [version.model, version.number]) else {
            throw version.notFound
        }
        return (row[0], row[1])
    }

    /// The version; throws if there is none.
    static func get(_ version: ModelVersionID, _ db: Database) throws -> ModelVersion {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE name = ? AND version = ?")
        guard let row = try Row.fetchOne(statement, arguments: [version.model, version.number]) else {
            throw version.notFound
        }
        return try Self.version(row, db)
    }

    /// The version of this row.
    static func row(_ id: Int64, _ db: Database) throws -> ModelVersion? {
        let statement = try db.cachedStatement(sql: "\(rows) WHERE model_version.id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try version($0, db) }
    }

    /// The newest version of each stage; the stage that has the oldest one comes first.
    static func latest(of model: Int64, _ db: Database) throws -> [ModelVersion] {
        let newest = try db.cachedStatement(
            sql: """
                SELECT max(version) FROM model_version WHERE model = ? GROUP BY stage ORDER BY min(version)
                """)
        let statement = try db.cachedStatement(sql: "\(rows) WHERE model = ? AND version = ?")
        return try Int64.fetchAll(newest, arguments: [model]).compactMap { number in
            try Row.fetchOne(statement, arguments: [model, number]).map { try version($0, db) }
        }
    }

    static func insert(
        _ new: NewModelVersion, _ number: Int64, of model: Int64, _ origin: VersionOrigin, at time: Timestamp,
        _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO model_version (model, version, description, source, location, run, logged_model,
                    run_link, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                model, number, new.description, origin.source, origin.location, origin.run,
                origin.loggedModel?.id, new.runLink, time.milliseconds, time.milliseconds,
            ])
        let id = db.lastInsertedRowID
        try tags.set(new.tags, of: id, db)
        for path in try origin.ownPaths(db) {
            try db.cachedStatement(sql: "INSERT INTO model_version_files (path, version) VALUES (?, ?)")
                .execute(arguments: [path.text, id])
        }
    }

    /// Versions that name a run keep the place of its files instead, before the run is gone.
    static func moveFiles(of run: RunRow, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT id, location FROM model_version WHERE run = ? AND location GLOB 'runs:/*'")
        for row in try Row.fetchAll(statement, arguments: [run.uuid.description]) {
            guard let place = try VersionOrigin.place(of: row[1], db) else { continue }
            let id: Int64 = row[0]
            try db.cachedStatement(sql: "UPDATE model_version SET location = ? WHERE id = ?")
                .execute(arguments: [place, id])
        }
    }

    static func setDescription(
        _ description: String?, of id: Int64, at time: Timestamp, _ db: Database
    ) throws {
        try db.cachedStatement(sql: "UPDATE model_version SET description = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [description, time.milliseconds, id])
    }

    static func setStage(_ stage: ModelStage, of id: Int64, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE model_version SET stage = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [stage.rawValue, time.milliseconds, id])
    }

    /// Archives all versions of a stage but one.
    static func archive(
        _ stage: ModelStage, of model: Int64, but id: Int64, at time: Timestamp, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE model_version SET stage = ?, updated_at = ? WHERE model = ? AND stage = ? AND id <> ?
                """
        ).execute(
            arguments: [ModelStage.archived.rawValue, time.milliseconds, model, stage.rawValue, id])
    }

    /// Notes that all versions of a model changed.
    static func touchAll(of model: Int64, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE model_version SET updated_at = ? WHERE model = ?")
            .execute(arguments: [time.milliseconds, model])
    }

    /// With its tags and aliases.
    static func remove(_ id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM model_version WHERE id = ?").execute(arguments: [id])
    }

    /// From `rows`.
    private static func version(_ row: Row, _ db: Database) throws -> ModelVersion {
        let (name, number, word): (String, Int64, String) = (row[1], row[2], row[9])
        guard let stage = ModelStage(rawValue: word) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "version \(number) of '\(name)' has stage '\(word)'")
        }
        return ModelVersion(
            model: name, number: number, description: row[3], source: row[4], location: row[5], run: row[6],
            loggedModel: row[7], runLink: row[8], stage: stage,
            createdAt: Timestamp(milliseconds: row[10]), updatedAt: Timestamp(milliseconds: row[11]),
            tags: try tags.all(of: row[0], db),
            aliases: try ModelAliasTable.all(of: row[12], version: number, db))
    }
}
