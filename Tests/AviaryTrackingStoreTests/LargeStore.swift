import AviaryTracking
import AviaryTrackingStore
import GRDB

/// A store with so many runs that what a search costs can be seen, written without a sync for each of them.
///
/// Every run has twenty params and twenty metrics, the last of which half of them lack, and two tags; metrics have no
/// points but the latest, which is all that searches look at. For every ten runs there is an experiment, a registered
/// model with a version, and a logged model, each with five tags.
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
                try fillOthers(db, count: runCount / 10)
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
                    'user-' || (run % 7), CASE WHEN run % 10 THEN 'FINISHED' ELSE 'FAILED' END,
                    1700000000000 + run * 1000, 1700000000000 + run * 1000 + run % 5000, 1
                FROM number
                """, arguments: [runCount])
        // Every fourth param is one of eight words, the others are numbers of which hardly two are equal.
        try db.execute(
            sql: """
                \(pairs) INSERT INTO param (run, key, value)
                SELECT run, 'p' || key, CASE WHEN key % 4 THEN '' || (\(mixed) / 1e6) ELSE 'word' || (\(mixed) % 8) END
                FROM number, key ORDER BY run, key
                """, arguments: arguments)
        try db.execute(
            sql: """
                \(pairs) INSERT INTO tag (run, key, value) SELECT run, 't' || key, 'value ' || (\(mixed) % 100)
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

    private static func fillOthers(_ db: Database, count: Int) throws {
        let things =
            "WITH RECURSIVE thing (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM thing WHERE id < :count)"
        let tags = """
            \(things), tag (key) AS (SELECT 0 UNION ALL SELECT key + 1 FROM tag WHERE key < 4)
            """
        let value = "'value ' || ((id * 7919 + key * 104729) % 100)"
        for sql in [
            """
            \(things) INSERT INTO experiment (id, name, artifact_location, created_at, updated_at)
            SELECT id, 'experiment ' || id, 'mlflow-artifacts:/' || id, id, id FROM thing
            """,
            "\(tags) INSERT INTO experiment_tag SELECT id, 't' || key, \(value) FROM thing, tag",
            """
            \(things) INSERT INTO registered_model (id, name, created_at, updated_at, last_version)
            SELECT id, 'model ' || id, id, id, 1 FROM thing
            """,
            "\(tags) INSERT INTO registered_model_tag SELECT id, 't' || key, \(value) FROM thing, tag",
            """
            \(things) INSERT INTO model_version (id, model, version, source, location, created_at, updated_at)
            SELECT id, id, 1, 's3://somewhere', 's3://somewhere', id, id FROM thing
            """,
            "\(tags) INSERT INTO model_version_tag SELECT id, 't' || key, \(value) FROM thing, tag",
            """
            \(things) INSERT INTO logged_model (id, uuid, experiment, name, status, model_type, run, created_at, updated_at)
            SELECT id, 'm-' || printf('%032x', id * 2654435761 % 4294967296), 0, 'model ' || id, 2, '', '', id, id
            FROM thing
            """,
            "\(tags) INSERT INTO logged_model_tag SELECT id, 't' || key, \(value) FROM thing, tag",
            "\(tags) INSERT INTO logged_model_param SELECT id, 'p' || key, \(value) FROM thing, tag",
            """
            \(tags) INSERT INTO logged_model_series
                (model, key, dataset_name, dataset_digest, run, last_timestamp, last_step, last_bits)
            SELECT id, 'm' || key, '', '', id, 1, 1, image((id * 7919 + key) % 100 / 100.0) FROM thing, tag
            """,
            """
            INSERT INTO logged_model_point (series, step, timestamp, bits)
            SELECT id, 1, 1, last_bits FROM logged_model_series
            """,
        ] {
            try db.execute(sql: sql, arguments: sql.contains(":count") ? ["count": count] : [])
        }
    }
}
