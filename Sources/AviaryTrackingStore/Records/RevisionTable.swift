import GRDB

/// The number of the last transaction that changed something.
enum RevisionTable {
    static func current(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT value FROM revision")) ?? 0
    }

    static func set(_ value: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE revision SET value = ?").execute(arguments: [value])
    }
}
