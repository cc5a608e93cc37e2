import AviaryTracking
import GRDB

/// The part of a registered model that stands in its own row.
struct RegisteredModelRow {
    let id: Int64
    let name: String
    let description: String?
    let createdAt: Timestamp
    let updatedAt: Timestamp
}

enum RegisteredModelTable {
    static let tags = PairTable(name: "registered_model_tag", owner: "model")

    private static let columns = "id, name, description, created_at, updated_at"

    static func find(_ name: String, _ db: Database) throws -> RegisteredModelRow? {
        try first("name = ?", [name], db)
    }

    /// The one of that name; throws if there is none.
    static func get(_ name: String, _ db: Database) throws -> RegisteredModelRow {
        guard let found = try find(name, db) else { throw TrackingError.registry(.modelNotFound(name)) }
        return found
    }

    static func row(_ id: Int64, _ db: Database) throws -> RegisteredModelRow? {
        try first("id = ?", [id], db)
    }

    static func insert(_ new: NewRegisteredModel, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO registered_model (name, description, created_at, updated_at) VALUES (?, ?, ?, ?)
                """
        ).execute(arguments: [new.name, new.description, time.milliseconds, time.milliseconds])
        try tags.set(new.tags, of: db.lastInsertedRowID, db)
    }

    /// Throws where a model or prompt has this name; `isPrompt` says what is to get it.
    static func refuse(_ name: String, isPrompt: Bool, _ db: Database) throws {
        guard let known = try find(name, db) else { return }
        let knownIsPrompt = try tags.value(PromptTag.isPrompt, of: known.id, db) != nil
        throw TrackingError.registry(
            .modelExists(name, isPrompt: knownIsPrompt, wantedPrompt: isPrompt))
    }

    static func isPrompt(_ id: Int64, _ db: Database) throws -> Bool {
        PromptTag.isPrompt(try tags.all(of: id, db))
    }

    static func setDescription(
        _ description: String?, of id: Int64, at time: Timestamp, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: "UPDATE registered_model SET description = ?, updated_at = ? WHERE id = ?"
        ).execute(arguments: [description, time.milliseconds, id])
    }

    static func rename(_ id: Int64, to name: String, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE registered_model SET name = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [name, time.milliseconds, id])
    }

    static func touch(_ id: Int64, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE registered_model SET updated_at = ? WHERE id = ?")
            .execute(arguments: [time.milliseconds, id])
    }

    /// With its tags, aliases and versions.
    static func remove(_ id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM registered_model WHERE id = ?").execute(arguments: [id])
    }

    /// The number of the next version, which no other gets.
    static func takeNumber(_ id: Int64, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE registered_model SET last_version = last_version + 1 WHERE id = ?
                RETURNING last_version
                """)
        return try Int64.fetchOne(statement, arguments: [id])
    }

    /// With all that is said of it elsewhere.
    static func complete(_ row: RegisteredModelRow, _ db: Database) throws -> RegisteredModel {
        RegisteredModel(
            name: row.name, description: row.description, createdAt: row.createdAt, updatedAt: row.updatedAt,
            latestVersions: try ModelVersionTable.latest(of: row.id, db), tags: try tags.all(of: row.id, db),
            aliases: try ModelAliasTable.all(of: row.id, db))
    }

    private static func first(
        _ condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> RegisteredModelRow? {
        let sql = "SELECT \(columns) FROM registered_model WHERE \(condition)"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).map {
            RegisteredModelRow(
                id: $0[0], name: $0[1], description: $0[2], createdAt: Timestamp(milliseconds: $0[3]),
                updatedAt: Timestamp(milliseconds: $0[4]))
        }
    }
}
