import AviaryTracking
import GRDB

/// A table of keys with values that belong to rows of another table.
struct PairTable {
    let name: String
    /// The column with the row that a pair belongs to.
    let owner: String

    /// A later value replaces an earlier one of the same key.
    func set(_ pairs: [ExactKey: String], of row: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO \(name) (\(owner), key, value) VALUES (?, ?, ?)
                ON CONFLICT (\(owner), key) DO UPDATE SET value = excluded.value
                """)
        for (key, value) in pairs { try statement.execute(arguments: [row, key.text, value]) }
    }

    func remove(_ key: String, of row: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(name) WHERE \(owner) = ? AND key = ?")
            .execute(arguments: [row, key])
    }

    func value(_ key: String, of row: Int64, _ db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: "SELECT value FROM \(name) WHERE \(owner) = ? AND key = ?")
        return try String.fetchOne(statement, arguments: [row, key])
    }

    func all(of row: Int64, _ db: Database) throws -> [ExactKey: String] {
        try TagTable.dictionary(
            db.cachedStatement(sql: "SELECT key, value FROM \(name) WHERE \(owner) = ?"), [row])
    }
}
