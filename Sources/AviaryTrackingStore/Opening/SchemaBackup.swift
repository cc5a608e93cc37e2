import AviaryTracking
import GRDB

/// The copy of a store's file that is made before its schema changes.
enum SchemaBackup {
    static let prefix = "schema-"

    /// Copies the file through SQLite, checks the copy, then gives it its name in `backups/`.
    static func make(of db: Database, version: Int, files: StoreFiles) throws {
        let byteCount = try pageBytes(db)
        // Room for the copy and for the migration's log.
        try FileSystem.checkSpace(2 * byteCount + 16_777_216, at: files.folder)
        try StoreFiles.makeFolder(files.temporary)
        try StoreFiles.makeFolder(files.backups)
        let name = "\(prefix)\(version)-\(Timestamp.now.milliseconds).db"
        let draft = "\(files.temporary)/\(name)"
        do {
            try db.execute(sql: "VACUUM INTO ?", arguments: [draft])
            try StoreFiles.sync(draft)
            try verify(draft, against: db, files: files)
            try StoreFiles.move(draft, to: "\(files.backups)/\(name)", in: files.backups)
        } catch {
            StoreFiles.removeDraft(draft)
            throw error
        }
    }

    private static func verify(_ copy: String, against db: Database, files: StoreFiles) throws {
        let expected = try rowCounts(db)
        let reader = try StoreConnections.reader(copy)
        let (verdict, found) = try reader.unsafeRead {
            (try String.fetchAll($0, sql: "PRAGMA quick_check"), try rowCounts($0))
        }
        try reader.close()
        guard verdict == ["ok"], found == expected else {
            let detail = "the backup before the migration is not sound: \(verdict.first ?? "no verdict")"
            throw StoreProblem.unusable(path: files.folder, detail: detail)
        }
    }

    /// Table names come from our own migrations, plain words all.
    private static func rowCounts(_ db: Database) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for table in tables {
            counts[table] = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
        return counts
    }

    private static func pageBytes(_ db: Database) throws -> Int64 {
        let count = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        return count * (try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 4096)
    }
}
