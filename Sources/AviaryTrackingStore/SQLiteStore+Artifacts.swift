package import AviaryArtifacts
package import AviaryTracking

extension SQLiteStore {
    /// The files of a run, by their path below the run's place.
    package func artifacts(of run: RunID) async throws(TrackingError) -> [Artifact] {
        try await readers.read { db in
            let folder = ArtifactPlace.path(of: try RunTable.row(run, db))
            return try ArtifactTable.all(below: folder, db).map { file in
                // By bytes: a letter with a mark may stand behind the slash and be one character with it.
                let path = Substring(file.path.utf8.dropFirst(folder.utf8.count + 1))
                return file.moved(to: String(path))
            }
        }
    }

    /// One file of a run and where its bytes are on this disk.
    package func artifactFile(
        _ run: RunID, path: String
    ) async throws(TrackingError) -> (Artifact, file: String) {
        let artifact = try await readers.read { db in
            let folder = ArtifactPlace.path(of: try RunTable.row(run, db))
            guard let found = try ArtifactTable.find("\(folder)/\(path)", db) else {
                throw TrackingError.artifactNotFound(run: run.description, path: path)
            }
            return Artifact(path: path, byteCount: found.byteCount, sha256: found.sha256)
        }
        return (artifact, file: blobs.file(of: artifact.sha256))
    }

    /// Where a run's files lie among all.
    package func artifactFolder(of run: RunID) async throws(TrackingError) -> String {
        try await readers.read { ArtifactPlace.path(of: try RunTable.row(run, $0)) }
    }

    /// Keeps a file of a run, replacing an earlier one at the same path; runs that have ended take files too.
    package func storeArtifact(
        _ run: RunID, path: String, bytes: [UInt8]
    ) async throws(TrackingError) -> Artifact {
        let artifact = try await storeBlob(bytes, path: path)
        try await write { transaction in
            _ = try RunTable.touch(run, transaction)
            let folder = ArtifactPlace.path(of: try RunTable.row(run, transaction.database))
            try ArtifactTable.set(artifact.moved(to: "\(folder)/\(path)"), transaction.database)
        }
        return artifact
    }

    // MARK: - By the whole path

    /// A file by its whole path, and where its bytes are on this disk; `nil` if there is none.
    package func artifactFile(_ path: String) async throws(TrackingError) -> (Artifact, file: String)? {
        let found = try await readers.read { try ArtifactTable.find(path, $0) }
        return found.map { ($0, file: blobs.file(of: $0.sha256)) }
    }

    /// What lies in a folder itself, by name; nothing of a folder that is not there.
    package func artifactEntries(of folder: String) async throws(TrackingError) -> [ArtifactEntry] {
        try await readers.read { try ArtifactTable.entries(of: folder, $0) }
    }

    /// Gives a file that was taken in (`UploadedBlob`) its name, replacing an earlier file of it.
    package func nameArtifact(_ blob: Blob, path: ArtifactPath) async throws(TrackingError) {
        try await write { transaction in
            let artifact = Artifact(path: path.text, byteCount: blob.byteCount, sha256: blob.sha256)
            try ArtifactTable.set(artifact, transaction.database)
        }
    }

    /// Takes away a file, or all files below a folder.
    package func deleteArtifacts(_ path: ArtifactPath) async throws(TrackingError) {
        _ = try await write { try ArtifactTable.remove(path.text, $0.database) }
    }

    /// Puts the bytes on disk; nobody knows of them yet.
    func storeBlob(_ bytes: [UInt8], path: String) async throws(TrackingError) -> Artifact {
        try await blobQueue.run { [blobs] in
            let name = try ArtifactPath(path).text
            let blob = try blobs.put(bytes)
            return Artifact(path: name, byteCount: blob.byteCount, sha256: blob.sha256)
        }
    }
}
