import GRDB

/// The number of the last transaction that changed something.
enum RevisionTable {
    static func current(_ db: Database) throws -> Int64 {
        guard let value = try Int64.fetchOne(db.cachedStatement(sql: "SELECT value FROM revision")) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the store's revision is missing")
        }
        return value
    }

    static func set(_ value: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE revision SET value = ?").execute(arguments: [value])
    }
}
