import AviaryTracking
import GRDB

enum LoggedModelParamTable {
    /// Adds params; those that are there must have the same values.
    static func add(_ params: [ExactKey: String], to model: Int64, _ id: String, _ db: Database) throws {
        let known = try db.cachedStatement(
            sql: "SELECT value FROM logged_model_param WHERE model = ? AND key = ?")
        let new = try db.cachedStatement(
            sql: "INSERT INTO logged_model_param (model, key, value) VALUES (?, ?, ?)")
        var changes: [ParamChange] = []
        for (key, value) in params {
            guard let old = try String.fetchOne(known, arguments: [model, key.text]) else {
                try new.execute(arguments: [model, key.text, value])
                continue
            }
            // Swift's own equality takes texts for equal that have the same letters in other bytes.
            guard !old.utf8.elementsEqual(value.utf8) else { continue }
            changes.append(ParamChange(key: key.text, old: old, new: value))
        }
        guard changes.isEmpty else {
            throw TrackingError.loggedModelParamsChanged(
                model: id, changes.sorted { ExactKey($0.key) < ExactKey($1.key) })
        }
    }

    static func all(of model: Int64, _ db: Database) throws -> [ExactKey: String] {
        let statement = try db.cachedStatement(
            sql: "SELECT key, value FROM logged_model_param WHERE model = ?")
        return try TagTable.dictionary(statement, [model])
    }
}

enum LoggedModelTagTable {
    /// Sets tags; a later one replaces an earlier one of the same key.
    static func set(_ tags: [ExactKey: String], of model: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO logged_model_tag (model, key, value) VALUES (?, ?, ?)
                ON CONFLICT (model, key) DO UPDATE SET value = excluded.value
                """)
        for (key, value) in tags { try statement.execute(arguments: [model, key.text, value]) }
    }

    /// Whether there was one.
    static func remove(_ key: String, of model: Int64, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM logged_model_tag WHERE model = ? AND key = ?")
            .execute(arguments: [model, key])
        return db.changesCount > 0
    }

    static func all(of model: Int64, _ db: Database) throws -> [ExactKey: String] {
        let statement = try db.cachedStatement(
            sql: "SELECT key, value FROM logged_model_tag WHERE model = ?")
        return try TagTable.dictionary(statement, [model])
    }
}
