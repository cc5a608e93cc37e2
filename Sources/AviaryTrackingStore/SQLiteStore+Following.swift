import AviaryArtifacts
package import AviaryTracking
import GRDB
import Glibc

extension SQLiteStore {
    /// The most points that are told one by one to whoever was away.
    package static var newPointLimit: Int { 20_000 }
    /// The most points that are looked at for them, of series in which some came before others.
    package static var newPointScanLimit: Int { 100_000 }

    /// The runs that were written since a revision; `Int64.max` asks only for the revision of now.
    ///
    /// Cheap enough to ask every 200 ms: unless somebody committed, no table is read.
    package func changes(since revision: Int64) async throws(TrackingError) -> Changes {
        try await readers.changes(since: revision)
    }

    /// The points that were added to some runs since a revision.
    package func newPoints(
        of runs: [RunID], since revision: Int64, limit: Int = newPointLimit,
        scanLimit: Int = newPointScanLimit
    ) async throws(TrackingError) -> NewPoints {
        try await readers.read { db in
            try NewPointsQuery.points(of: runs, since: revision, limit: limit, scanLimit: scanLimit, db)
        }
    }

    package func state() async throws(TrackingError) -> StoreState {
        let now = Timestamp.now
        return try await readers.read { db in
            StoreState(
                revision: try RevisionTable.current(db),
                staleCount: try RunTable.staleCount(at: now, db))
        }
    }

    package func state(of run: RunID) async throws(TrackingError) -> RunState {
        let now = Timestamp.now
        return try await readers.read { db in
            let row = try RunTable.row(run, db)
            let experiment = try ExperimentTable.get(row.experimentID, db)
            return RunState(
                revision: try RunTable.revisions(of: row.id, db).changed,
                experimentUpdatedAt: experiment.updatedAt, isStale: row.isStale(at: now))
        }
    }

    /// Some bytes of a file that is kept, fewer where it ends; `nil` if nobody keeps it any longer.
    package func bytes(
        of artifact: Artifact, from offset: Int64, count: Int
    ) async throws(TrackingError) -> [UInt8]? {
        let file = blobs.file(of: artifact.sha256)
        return try await blobQueues.next.run { try Self.read(file, from: offset, count: count) }
    }

    private static func read(
        _ path: String, from offset: Int64, count: Int
    ) throws(TrackingError) -> [UInt8]? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }  // another file has its name, and this one was collected
            throw failure(path)
        }
        defer { Glibc.close(descriptor) }
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let start = buffer.baseAddress {
                got = pread(descriptor, start + filled, count - filled, off_t(offset) + filled)
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { return }
                filled += got
            }
        }
        if got < 0 { throw failure(path) }
        return bytes
    }

    private static func failure(_ path: String) -> TrackingError {
        .store(.unusable(path: path, detail: String(cString: strerror(errno))))
    }
}
