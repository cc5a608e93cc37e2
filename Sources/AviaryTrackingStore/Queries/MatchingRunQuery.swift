import AviaryTracking
import GRDB

/// Finds the run that somebody means by the first digits of its identifier, or by its name.
enum MatchingRunQuery {
    private static let shownCount = 10

    static func find(_ text: String, _ db: Database) throws -> RunID {
        if let id = RunID(text) { return try RunTable.row(id, db).uuid }
        let found = try candidates(text, db)
        guard let first = found.first else { throw TrackingError.runNotFound(text) }
        guard found.count == 1, let id = RunID(first) else {
            throw TrackingError.ambiguousRun(text, matches: found)
        }
        return id
    }

    private static func candidates(_ text: String, _ db: Database) throws -> [String] {
        var found: [String] = []
        let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        if !text.isEmpty, isHexadecimal {
            let statement = try db.cachedStatement(
                sql: """
                    SELECT uuid FROM run WHERE uuid >= ? AND uuid < ? AND deleted_at IS NULL
                    ORDER BY uuid LIMIT ?
                    """)
            found = try String.fetchAll(statement, arguments: [text, text + "g", shownCount])
        }
        let statement = try db.cachedStatement(
            sql: "SELECT uuid FROM run WHERE name = ? AND deleted_at IS NULL ORDER BY id DESC LIMIT ?")
        let named = try String.fetchAll(statement, arguments: [text, shownCount])
        return found + named.filter { !found.contains($0) }
    }
}
