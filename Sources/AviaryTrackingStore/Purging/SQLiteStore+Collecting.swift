import AviaryArtifacts
package import AviaryTracking
import GRDB

/// What was freed.
package struct CollectedBlobs: Sendable, Equatable {
    package var count = 0
    package var byteCount: Int64 = 0
}

extension SQLiteStore {
    /// How many blobs are looked at in one go: nobody writes meanwhile.
    private static var collectedAtOnce: Int { 200 }

    /// Frees the blobs that no file's name stands for any more, also while others write.
    ///
    /// An upload places its blob first and names it afterwards, under the lock that is held here: what was taken away
    /// in between it then places again.
    package func collectBlobs() async throws(TrackingError) -> CollectedBlobs {
        var collected = CollectedBlobs()
        for group in try await blobQueues.next.run({ [blobs] in try blobs.groups() }) {
            var rest = group[...]
            while !rest.isEmpty, !Task.isCancelled {
                let some = Array(rest.prefix(Self.collectedAtOnce))
                rest = rest.dropFirst(some.count)
                let nameless = try await nameless(some)
                guard !nameless.isEmpty else { continue }
                let freed = try await onThread { [blobs] connection in
                    try connection.alone { db in try Self.free(nameless, blobs, db) }
                }
                collected.count += freed.count
                collected.byteCount += freed.byteCount
            }
        }
        return collected
    }

    /// Those without a name, seen without holding anybody up; none once the task is cancelled.
    private func nameless(_ digests: [String]) async throws(TrackingError) -> [String] {
        do throws(TrackingError) {
            return try await readers.read { db in
                try digests.filter { try !ArtifactTable.names($0, db) }
            }
        } catch {
            guard Task.isCancelled else { throw error }
            return []
        }
    }

    /// Outside of any transaction: a row whose removal is not committed yet still names its blob.
    private static func free(
        _ digests: [String], _ blobs: BlobStore, _ db: Database
    ) throws -> CollectedBlobs {
        var freed = CollectedBlobs()
        for digest in digests where try !ArtifactTable.names(digest, db) {
            guard let byteCount = blobs.byteCount(of: digest) else { continue }
            try blobs.remove(digest)
            freed.count += 1
            freed.byteCount += byteCount
        }
        return freed
    }
}
