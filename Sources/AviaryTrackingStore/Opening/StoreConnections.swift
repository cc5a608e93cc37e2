import CAviarySQLite
import GRDB

/// How connections to a store are set up; nobody else makes one.
enum StoreConnections {
    /// The one writer of a process.
    ///
    /// `journalMode` stays `.default`: GRDB's `.wal` sets `synchronous=NORMAL`
    /// after these settings and writes while opening, outside the lock.
    static func writer(_ path: String) throws -> DatabaseQueue {
        var configuration = common(label: "aviary.writer")
        configuration.prepareDatabase { db in
            try keepLog(db)
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA cache_size = -32768;
                    PRAGMA cell_size_check = ON;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// A new file that nobody else sees yet, and that leaves no log when it closes.
    static func draft(_ path: String) throws -> DatabaseQueue {
        var configuration = common(label: "aviary.draft")
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Connections that answer questions, several at once.
    static func readers(_ path: String) throws -> DatabasePool {
        try DatabasePool(path: path, configuration: readOnly(label: "aviary.readers"))
    }

    /// One connection that only reads.
    static func reader(_ path: String) throws -> DatabaseQueue {
        try DatabaseQueue(path: path, configuration: readOnly(label: "aviary.reader"))
    }

    private static func readOnly(label: String) -> Configuration {
        var configuration = common(label: label)
        configuration.readonly = true
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            try keepLog(db)
            try db.execute(
                sql: """
                    PRAGMA busy_timeout = \(StoreFiles.busyMilliseconds);
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA cache_size = -32768;
                    PRAGMA cell_size_check = ON;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA case_sensitive_like = ON;
                    """)
            SearchFunctions.add(to: db)
        }
        return configuration
    }

    private static func common(label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(StoreFiles.busyMilliseconds) / 1000)
        return configuration
    }

    private static func keepLog(_ db: Database) throws {
        guard let connection = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        let code = aviary_sqlite_keep_wal_on_close(connection)
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
