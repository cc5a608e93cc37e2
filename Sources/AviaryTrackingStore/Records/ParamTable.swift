import AviaryTracking
import GRDB

enum ParamTable {
    /// Adds params; one that is there must have the same value.
    static func add(_ params: [String: String], to run: Int64, _ db: Database) throws {
        for (key, value) in params {
            let found = try db.cachedStatement(sql: "SELECT value FROM param WHERE run = ? AND key = ?")
            if let old = try String.fetchOne(found, arguments: [run, key]) {
                guard old == value else { throw TrackingError.paramChanged(key: key, old: old, new: value) }
                continue
            }
            try db.cachedStatement(sql: "INSERT INTO param (run, key, value) VALUES (?, ?, ?)")
                .execute(arguments: [run, key, value])
        }
    }

    static func all(of run: Int64, _ db: Database) throws -> [String: String] {
        let statement = try db.cachedStatement(sql: "SELECT key, value FROM param WHERE run = ?")
        var all: [String: String] = [:]
        for row in try Row.fetchAll(statement, arguments: [run]) {
            let key: String = row[0]
            all[key] = row[1]
        }
        return all
    }
}
