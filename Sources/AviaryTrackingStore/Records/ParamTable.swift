import AviaryTracking
import GRDB

enum ParamTable {
    /// Adds params; those that are there must have the same values.
    static func add(
        _ params: [ExactKey: String], to run: Int64, _ id: RunID, _ db: Database
    ) throws {
        let known = try db.cachedStatement(sql: "SELECT value FROM param WHERE run = ? AND key = ?")
        let new = try db.cachedStatement(sql: "INSERT INTO param (run, key, value) VALUES (?, ?, ?)")
        var changes: [ParamChange] = []
        for (key, value) in params {
            if let old = try String.fetchOne(known, arguments: [run, key.text]) {
                // Swift's own equality takes texts for equal that have the same letters in other bytes.
                guard !old.utf8.elementsEqual(value.utf8) else { continue }
                changes.append(ParamChange(key: key.text, old: old, new: value))
            } else if changes.isEmpty {
                try new.execute(arguments: [run, key.text, value])
            }
        }
        guard changes.isEmpty else {
            throw TrackingError.paramsChanged(
                run: id.description, changes.sorted { ExactKey($0.key) < ExactKey($1.key) })
        }
    }

    static func all(of run: Int64, _ db: Database) throws -> [ExactKey: String] {
        try TagTable.dictionary(db.cachedStatement(sql: "SELECT key, value FROM param WHERE run = ?"), [run])
    }
}
