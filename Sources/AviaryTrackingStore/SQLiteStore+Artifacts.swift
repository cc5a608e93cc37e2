import AviaryArtifacts
package import AviaryTracking

extension SQLiteStore {
    /// The files of a run, by path.
    package func artifacts(of run: RunID) async throws(TrackingError) -> [Artifact] {
        try await readers.read { db in
            try ArtifactTable.all(of: RunTable.row(run, db).id, db)
        }
    }

    /// One file of a run and where its bytes are on this disk.
    package func artifactFile(
        _ run: RunID, path: String
    ) async throws(TrackingError) -> (Artifact, file: String) {
        let artifact = try await readers.read { db in
            guard let found = try ArtifactTable.find(path, of: RunTable.row(run, db).id, db) else {
                throw TrackingError.artifactNotFound(run: run.description, path: path)
            }
            return found
        }
        return (artifact, file: blobs.file(of: artifact.sha256))
    }

    /// Puts the bytes on disk; no run knows of them yet.
    func storeBlob(_ bytes: [UInt8], path: String) async throws(TrackingError) -> Artifact {
        try await blobQueue.run { [blobs] in
            let name = try ArtifactPath(path).text
            let blob = try blobs.put(bytes)
            return Artifact(path: name, byteCount: blob.byteCount, sha256: blob.sha256)
        }
    }
}
