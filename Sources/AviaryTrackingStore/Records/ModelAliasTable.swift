import AviaryTracking
import GRDB

/// Names that stand for a version of a registered model; each model has its own.
enum ModelAliasTable {
    /// An alias that stands for another version moves.
    static func set(_ alias: String, of model: Int64, to version: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO model_alias (model, alias, version) VALUES (?, ?, ?)
                ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version
                """
        ).execute(arguments: [model, alias, version])
    }

    static func remove(_ alias: String, of model: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM model_alias WHERE model = ? AND alias = ?")
            .execute(arguments: [model, alias])
    }

    /// The number of the version that an alias stands for.
    static func version(_ alias: String, of model: Int64, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT version FROM model_alias WHERE model = ? AND alias = ?")
        return try Int64.fetchOne(statement, arguments: [model, alias])
    }

    static func all(of model: Int64, _ db: Database) throws -> [ExactKey: Int64] {
        let statement = try db.cachedStatement(sql: "SELECT alias, version FROM model_alias WHERE model = ?")
        var all: [ExactKey: Int64] = [:]
        for row in try Row.fetchAll(statement, arguments: [model]) {
            all[ExactKey(row[0])] = row[1]
        }
        return all
    }

    /// Those of one version, in the order of their bytes.
    static func all(of model: Int64, version: Int64, _ db: Database) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: "SELECT alias FROM model_alias WHERE model = ? AND version = ? ORDER BY alias")
        return try String.fetchAll(statement, arguments: [model, version])
    }
}
