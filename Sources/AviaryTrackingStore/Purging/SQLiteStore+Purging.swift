package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// Frees for good what went into the trash before a moment, and every blob that no file's name stands for.
    ///
    /// Others may write meanwhile. What it began with does not come back from the trash. Where it was interrupted, or its
    /// task cancelled, the next call goes on. Files that a version of a registered model uses stay until the version is gone too. The pages
    /// of the database that become free are filled again; the file does not shrink.
    package func freeTrash(before moment: Timestamp) async throws(TrackingError) -> FreedTrash {
        var freed = FreedTrash()
        let purge = TrashPurge(moment: moment, files: StoreFiles(resolved: folder))
        while !Task.isCancelled,
            let some = try await write(rowCount: TrashPurge.rowLimit, { try purge.step($0.database) })
        {
            freed += some
        }
        for folder in try await readers.read({ try CondemnedFolderTable.all($0) }) {
            var last: String?
            repeat {
                let some = try await write { [last] in
                    try CondemnedFolderTable.freeSome(of: folder, after: last, $0.database)
                }
                freed.fileCount += some.count
                last = some.last
            } while last != nil && !Task.isCancelled
        }
        freed.blobs = try await collectBlobs()
        return freed
    }

    /// How much went into the trash before a moment.
    package func expiredTrash(before moment: Timestamp) async throws(TrackingError) -> ExpiredTrash {
        try await readers.read { db in
            func count(_ table: String) throws -> Int {
                let statement = try db.cachedStatement(
                    sql: "SELECT count(*) FROM \(table) WHERE deleted_at < ?")
                return try Int.fetchOne(statement, arguments: [moment.milliseconds]) ?? 0
            }
            return ExpiredTrash(
                experimentCount: try count("experiment"), runCount: try count("run"),
                loggedModelCount: try count("logged_model"))
        }
    }
}
