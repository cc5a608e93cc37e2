package import AviaryArtifacts
package import AviaryTracking

/// A file that is being taken in: its bytes lie aside until all are there and it gets a name.
///
/// Whoever began it keeps or discards it in the end; what a killed process left is swept at the next opening.
package struct ArtifactUpload: Sendable {
    let draft: BlobDraft
    let queue: BlockingQueue
    let store: SQLiteStore

    /// How many bytes came so far.
    package var byteCount: Int64 { draft.byteCount }

    /// Adds bytes; more of them are to come one after the other.
    package func append(_ bytes: some Collection<UInt8> & Sendable) async throws(TrackingError) {
        try await queue.run { [draft] in try draft.append(bytes) }
    }

    /// Gives the file its name among all files, replacing an earlier one; on disk once it returns.
    package func keep(as path: ArtifactPath) async throws(TrackingError) -> Artifact {
        try await keep { transaction in
            if let run = ArtifactPlace.run(of: path.text) { try RunTable.note(run, transaction) }
            return path.text
        }
    }

    /// Forgets what came; of a file that was kept only what lies aside.
    package func discard() async {
        // Taking away what has a gigabyte takes the disk a while; it does not fail in a way that helps anybody.
        _ = try? await queue.run { [draft] in draft.discard() }
    }

    /// The same with a name that is found within the transaction.
    func keep(
        as name: @escaping @Sendable (WriteTransaction) throws -> String
    ) async throws(TrackingError) -> Artifact {
        let blobs = store.blobs
        let blob = try await queue.run { [draft] in try blobs.place(draft) }
        return try await store.write { [draft] transaction in
            // Nobody named the blob until now, so that it may have been collected. From here on it cannot: whoever
            // collects holds the lock under which this runs.
            if !blobs.has(blob) { _ = try blobs.place(draft) }
            let artifact = Artifact(
                path: try name(transaction), byteCount: blob.byteCount, sha256: blob.sha256)
            try ArtifactTable.set(artifact, transaction.database)
            return artifact
        }
    }
}
