import AviaryTracking
import AviaryTrackingStore
import GRDB

/// A store with so many runs that what a search costs can be seen, written without a sync for each of them.
///
/// Every run has twenty params and twenty metrics, the last of which half of them lack, and two tags; metrics have no
/// points but the latest, which is all that searches look at.
enum LargeStore {
    static let keyCount = 20

    /// Fills the store of a folder where nobody has it open.
    static func make(in folder: String, runCount: Int) async throws {
        try await SQLiteStore.open(folder, .write(create: true)).close()
        let queue = try DatabaseQueue(path: folder + "/aviary.db")
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
            db.add(
                function: DatabaseFunction("image", argumentCount: 1, pure: true) { values in
                    Double.fromDatabaseValue(values[0]).map { Int64(bitPattern: $0.bitPattern) }
                })
            try db.inTransaction {
                try fill(db, runCount: runCount)
                return .commit
            }
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
    }

    /// Numbers of runs and of keys; `mixed` is a number below a million that looks like chance.
    private static let pairs = """
        WITH RECURSIVE number (run) AS (SELECT 1 UNION ALL SELECT run + 1 FROM number WHERE run < :count),
            key (key) AS (SELECT 0 UNION ALL SELECT key + 1 FROM key WHERE key < :keys - 1)
        """
    private static let mixed = "((run * 7919 + key * 104729 + run * run % 1009 * 613) % 1000003 % 1000000)"

    private static func fill(_ db: Database, runCount: Int) throws {
        let arguments: StatementArguments = ["count": runCount, "keys": keyCount]
        try db.execute(
            sql: """
                WITH RECURSIVE number (run) AS (SELECT 1 UNION ALL SELECT run + 1 FROM number WHERE run < ?)
                INSERT INTO run (id, uuid, experiment, name, user, status, start_time, end_time, revision)
                SELECT run, printf('%032x', run * 2654435761 % 4294967296), 0, 'run-' || run,
                    'user-' || run % 7, CASE WHEN run % 10 THEN 'FINISHED' ELSE 'FAILED' END,
                    1700000000000 + run * 1000, 1700000000000 + run * 1000 + run % 5000, 1
                FROM number
                """, arguments: [runCount])
        // Every fourth param is one of eight words, the others are numbers of which hardly two are equal.
        try db.execute(
            sql: """
                \(pairs) INSERT INTO param (run, key, value)
                SELECT run, 'p' || key, CASE WHEN key % 4 THEN '' || \(mixed) / 1e6 ELSE 'word' || \(mixed) % 8 END
                FROM number, key ORDER BY run, key
                """, arguments: arguments)
        try db.execute(
            sql: """
                \(pairs) INSERT INTO tag (run, key, value) SELECT run, 't' || key, 'value ' || \(mixed) % 100
                FROM number, key WHERE key < 2
                """, arguments: arguments)
        try db.execute(
            sql: """
                \(pairs) INSERT INTO series (run, key) SELECT run, 'm' || key FROM number, key
                WHERE key < :keys - 1 OR run % 2 ORDER BY run, key
                """, arguments: arguments)
        try db.execute(
            sql: """
                INSERT INTO latest (series, step, timestamp, bits, minimum, maximum)
                SELECT id, 100, 1700000000000, image(\(mixed.replacing("key", with: "(id % 20)")) / 1e6), 0, 1
                FROM series ORDER BY id
                """)
        try db.execute(sql: "UPDATE revision SET value = 1; ANALYZE")
    }
}
