import GRDB

enum TagTable {
    /// Sets tags; a later one replaces an earlier one of the same key.
    static func set(_ tags: [String: String], of run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO tag (run, key, value) VALUES (?, ?, ?)
                ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
                """)
        for (key, value) in tags { try statement.execute(arguments: [run, key, value]) }
    }

    /// Whether there was one.
    static func remove(_ key: String, of run: Int64, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM tag WHERE run = ? AND key = ?").execute(arguments: [
            run, key,
        ])
        return db.changesCount > 0
    }

    static func all(of run: Int64, _ db: Database) throws -> [String: String] {
        let statement = try db.cachedStatement(sql: "SELECT key, value FROM tag WHERE run = ?")
        var all: [String: String] = [:]
        for row in try Row.fetchAll(statement, arguments: [run]) {
            let key: String = row[0]
            all[key] = row[1]
        }
        return all
    }
}
