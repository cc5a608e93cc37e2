import AviaryTracking
import GRDB

enum TagTable {
    /// The tag that clients of MLflow set for a run's name; it is never kept beside the name itself.
    static let runName = "mlflow.runName"

    /// Sets tags; a later one replaces an earlier one of the same key, and that of the name renames the run.
    static func set(_ tags: [ExactKey: String], of run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO tag (run, key, value) VALUES (?, ?, ?)
                ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
                """)
        for (key, value) in tags where key.text != runName {
            try statement.execute(arguments: [run, key.text, value])
        }
        if let name = tags[runName], !name.isEmpty { try RunTable.setName(name, of: run, db) }
    }

    /// Whether there was one.
    static func remove(_ key: String, of run: Int64, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM tag WHERE run = ? AND key = ?").execute(arguments: [
            run, key,
        ])
        return db.changesCount > 0
    }

    static func value(_ key: String, of run: Int64, _ db: Database) throws -> String? {
        let statement = try db.cachedStatement(sql: "SELECT value FROM tag WHERE run = ? AND key = ?")
        return try String.fetchOne(statement, arguments: [run, key])
    }

    static func all(of run: Int64, _ db: Database) throws -> [ExactKey: String] {
        try dictionary(db.cachedStatement(sql: "SELECT key, value FROM tag WHERE run = ?"), [run])
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
