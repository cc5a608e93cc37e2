import AviaryTracking
import GRDB

/// Finds the runs that were written since a revision.
enum ChangedRunsQuery {
    /// The most runs that are told one by one.
    static let limit = 1000

    /// What the connection saw when it last looked.
    struct Seen: Sendable {
        let dataVersion: Int64
        let revision: Int64
    }

    /// Asks only if another connection has committed since: `PRAGMA data_version` touches no table.
    ///
    /// The version is read before the transaction begins. What is committed in between is then reported now,
    /// and the next call finds a new version and asks once more than it must: nothing is missed.
    static func changes(since revision: Int64, seen: Seen?, _ db: Database) throws -> (Changes, Seen) {
        let version = try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0
        if let seen, seen.dataVersion == version, seen.revision <= revision {
            return (Changes(revision: seen.revision, runs: []), seen)
        }
        var current: Int64 = 0
        var names: [String] = []
        try db.inTransaction(.deferred) {
            current = try RevisionTable.current(db)
            let statement = try db.cachedStatement(
                sql: "SELECT uuid FROM run WHERE revision > ? ORDER BY revision LIMIT ?")
            names = try String.fetchAll(statement, arguments: [revision, limit + 1])
            return .commit
        }
        let runs = names.count > limit ? nil : names.compactMap { RunID($0) }
        let changes = Changes(revision: current, runs: runs)
        return (changes, Seen(dataVersion: version, revision: current))
    }
}
