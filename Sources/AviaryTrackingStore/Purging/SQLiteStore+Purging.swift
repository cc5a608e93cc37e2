package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// Frees for good what went into the trash before a moment, and every blob that no file's name stands for.
    ///
    /// Others may write meanwhile. What it began with does not come back from the trash. Where it was interrupted, or its
    /// task cancelled, the next call goes on. Files that a version of a registered model uses stay until the version is
    /// gone too. The pages of the database that become free are filled again; the file does not shrink. What cannot be
    /// removed from the disk is told at the end, after all else.
    package func freeTrash(before moment: Timestamp) async throws(TrackingError) -> FreedTrash {
        var freed = FreedTrash()
        var problem: StoreProblem?
        let purge = TrashPurge(moment: moment)
        while !Task.isCancelled {
            let runs = try await write { try purge.condemnRuns($0.database) }
            guard !runs.isEmpty else { break }
            problem = try await removeCheckpoints(of: runs) ?? problem
            try await free(&freed) { try purge.freeRuns($0.database) }
        }
        try await free(&freed) { try purge.freeModelsAndExperiments($0) }
        var place: CondemnedFolderTable.Place? = .init()
        while !Task.isCancelled, let start = place {
            let some = try await write { try CondemnedFolderTable.freeSome(from: start, $0.database) }
            freed.fileCount += some.count
            place = some.next
        }
        freed.blobs = try await collectBlobs()
        if let problem { throw .store(problem) }
        return freed
    }

    /// How much went into the trash before a moment, and what files it has.
    package func expiredTrash(before moment: Timestamp) async throws(TrackingError) -> ExpiredTrash {
        let purge = TrashPurge(moment: moment)
        return try await readers.read { try purge.expired($0) }
    }

    private func free(
        _ freed: inout FreedTrash, _ step: @escaping @Sendable (WriteTransaction) throws -> FreedTrash?
    ) async throws(TrackingError) {
        while !Task.isCancelled, let some = try await write(rowCount: TrashPurge.rowLimit, step) {
            freed += some
        }
    }

    /// Before the rows go, so that none is forgotten, and outside of the lock: some are gigabytes.
    private func removeCheckpoints(of runs: [RunID]) async throws(TrackingError) -> StoreProblem? {
        let files = StoreFiles(resolved: folder)
        return try await blobQueues.next.run {
            var problem: StoreProblem?
            for run in runs {
                do throws(StoreProblem) {
                    try files.removeCheckpoint(of: run)
                } catch {
                    problem = error
                }
            }
            return problem
        }
    }
}
