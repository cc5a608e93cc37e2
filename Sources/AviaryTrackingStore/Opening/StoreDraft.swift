import GRDB

/// A new store's file: made aside, then given its name, so that a store is complete or not there.
enum StoreDraft {
    static let prefix = "new-"

    /// Makes the file with all migrations; only under the lock.
    static func make(files: StoreFiles, migrations: [Migration]) throws {
        let draft = "\(files.temporary)/\(prefix)\(UInt64.random(in: 0...UInt64.max)).db"
        do {
            let queue = try StoreConnections.draft(draft)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA application_id = \(StoreFiles.applicationID)")
                for migration in migrations { try migration.run(db) }
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")  // stays in the file's header
            }
            try queue.close()
            try StoreFiles.move(draft, to: files.database, in: files.folder)
        } catch {
            StoreFiles.removeDraft(draft)
            throw error
        }
    }
}
