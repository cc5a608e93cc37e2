import AviaryTracking
import GRDB

/// The `user_version` of a store's file: the number of its last migration.
enum SchemaVersion {
    /// Looks at the file through a connection that only reads, and refuses what is no store of ours.
    static func probe(_ files: StoreFiles, known: Int) throws -> Int {
        guard try files.hasDatabase(), let byteCount = try StoreFiles.byteCount(of: files.database) else {
            throw StoreProblem.missing(path: files.folder)
        }
        // A store gets its name only when it is complete, so an empty file was cut off.
        guard byteCount > 0 else {
            throw StoreProblem.damaged(path: files.folder, detail: "aviary.db is empty")
        }
        let reader = try StoreConnections.reader(files.database)
        let version = try reader.unsafeRead { try check($0, files: files, known: known) }
        try reader.close()
        return version
    }

    /// The version, unless the file is foreign or newer than this program.
    static func check(_ db: Database, files: StoreFiles, known: Int) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard application == StoreFiles.applicationID else {
            let digits = String(UInt32(truncatingIfNeeded: application), radix: 16)
            throw StoreProblem.foreign(
                path: files.folder, found: "aviary.db has the application id 0x\(digits)")
        }
        let version = try read(db)
        guard version <= known else {
            throw StoreProblem.newer(path: files.folder, found: version, known: known)
        }
        return version
    }

    static func read(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }
}
