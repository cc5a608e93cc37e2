import AviaryTracking
import GRDB

/// What is being freed, a part in each transaction, and does not come back from the trash.
enum CondemnedTable {
    enum Kind: String {
        case experiment, run
    }

    static func insert(_ kind: Kind, _ id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO condemned (kind, id) VALUES (?, ?)")
            .execute(arguments: [kind.rawValue, id])
    }

    static func contains(_ kind: Kind, _ id: Int64, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM condemned WHERE kind = ? AND id = ?)")
        return try Bool.fetchOne(statement, arguments: [kind.rawValue, id]) ?? false
    }

    static func remove(_ kind: Kind, _ id: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM condemned WHERE kind = ? AND id = ?")
            .execute(arguments: [kind.rawValue, id])
    }

    static func first(_ kind: Kind, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(sql: "SELECT id FROM condemned WHERE kind = ? LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [kind.rawValue])
    }
}
