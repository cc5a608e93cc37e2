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

    /// Adds pairs whose values are never replaced.
    ///
    /// - Returns: What would have changed, by key: then the transaction has to be given up.
    func add(_ pairs: [ExactKey: String], to row: Int64, _ db: Database) throws -> [ParamChange] {
        let known = try db.cachedStatement(sql: "SELECT value FROM \(name) WHERE \(owner) = ? AND key = ?")
        let new = try db.cachedStatement(sql: "INSERT INTO \(name) (\(owner), key, value) VALUES (?, ?, ?)")
        var changes: [ParamChange] = []
        for (key, value) in pairs {
            guard let old = try String.fetchOne(known, arguments: [row, key.text]) else {
                try new.execute(arguments: [row, key.text, value])
                continue
            }
            // Swift's own equality takes texts for equal that have the same letters in other bytes.
            guard !old.utf8.elementsEqual(value.utf8) else { continue }
            changes.append(ParamChange(key: key.text, old: old, new: value))
        }
        return changes.sorted { ExactKey($0.key) < ExactKey($1.key) }
    }

    /// Whether there was one.
    @discardableResult
    func remove(_ key: String, of row: Int64, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM \(name) WHERE \(owner) = ? AND key = ?")
            .execute(arguments: [row, key])
        return db.changesCount > 0
    }

    func value(_ key: String, of row: Int64, _ db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: "SELECT value FROM \(name) WHERE \(owner) = ? AND key = ?")
        return try String.fetchOne(statement, arguments: [row, key])
    }

    func all(of row: Int64, _ db: Database) throws -> [ExactKey: String] {
        try Self.dictionary(
            db.cachedStatement(sql: "SELECT key, value FROM \(name) WHERE \(owner) = ?"), [row])
    }

    /// Of a statement that selects a key and a value.
    static func dictionary(
        _ statement: Statement, _ arguments: StatementArguments
    ) throws -> [ExactKey: String] {
        var all: [ExactKey: String] = [:]
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            all[ExactKey(row[0])] = row[1]
        }
        return all
    }
}
