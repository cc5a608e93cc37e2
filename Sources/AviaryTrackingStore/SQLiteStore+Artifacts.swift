package import AviaryArtifacts
package import AviaryTracking

// The files of a run.
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
            return found.moved(to: path)
        }
        return (artifact, file: blobs.file(of: artifact.sha256))
    }

    /// Keeps a file of a run, replacing an earlier one at the same path; runs that have ended take files too.
    package func storeArtifact(
        _ run: RunID, path: String, bytes: [UInt8]
    ) async throws(TrackingError) -> Artifact {
        do {
            _ = try ArtifactPath(path)
            return try await takeIn { upload in
                try await upload.append(bytes)
                let artifact = try await upload.keep { transaction in
                    _ = try RunTable.touch(run, transaction)
                    return "\(ArtifactPlace.path(of: try RunTable.row(run, transaction.database)))/\(path)"
                }
                return artifact.moved(to: path)
            }
        } catch {
            throw TrackingError(error, in: folder)
        }
    }
}

// All files, by their whole path.
extension SQLiteStore {
    /// What is at this path.
    package func findArtifact(_ path: String) async throws(TrackingError) -> FoundArtifact {
        try await readers.read { [blobs] db in
            if let artifact = try ArtifactTable.find(path, db) {
                return .file(artifact, bytes: blobs.file(of: artifact.sha256))
            }
            return try ArtifactTable.isFolder(path, db) ? .folder : .nothing
        }
    }

    /// What lies in a folder itself, by name; nothing of a folder that is not there.
    package func artifactEntries(of folder: String) async throws(TrackingError) -> [ArtifactEntry] {
        try await readers.read { try ArtifactTable.entries(of: folder, $0) }
    }

    /// Throws where a file could not have this name, so that nobody sends its bytes in vain.
    package func checkArtifactName(_ path: ArtifactPath) async throws(TrackingError) {
        try await readers.read { try ArtifactTable.refuseClash(path.text, $0) }
    }

    /// Begins to take in a file; `body` appends and keeps it, and what it does not keep is forgotten.
    package func takeIn<Value>(
        _ body: (ArtifactUpload) async throws -> Value
    ) async throws -> Value {
        let upload = try await beginUpload()
        do {
            let value = try await body(upload)
            await upload.discard()
            return value
        } catch {
            await upload.discard()
            throw error
        }
    }

    /// Takes away a file, or all files below a folder.
    package func deleteArtifacts(_ path: String) async throws(TrackingError) {
        try await write { transaction in
            guard try ArtifactTable.remove(path, transaction.database) > 0 else { return }
            if let run = ArtifactPlace.run(of: path) { try RunTable.note(run, transaction) }
        }
    }

    private func beginUpload() async throws(TrackingError) -> ArtifactUpload {
        let queue = blobQueues.next
        let draft = try await queue.run { [blobs] in try blobs.draft() }
        return ArtifactUpload(draft: draft, queue: queue, store: self)
    }
}

// Where files belong.
extension SQLiteStore {
    package func artifactRoot(of run: RunID) async throws(TrackingError) -> ArtifactRoot {
        try await readers.read { ArtifactRoot(of: try RunTable.row(run, $0)) }
    }

    /// Throws where there is no such model, or where it is in the trash.
    package func artifactRoot(ofLoggedModel id: String) async throws(TrackingError) -> ArtifactRoot {
        try await readers.read { db in
            guard let root = try ArtifactRootQuery.loggedModel(id, db) else {
                throw TrackingError.loggedModelNotFound(id)
            }
            return root
        }
    }

    /// `nil` where there is no such version.
    package func artifactRoot(
        ofVersion version: Int64, of model: String
    ) async throws(TrackingError) -> ArtifactRoot? {
        try await readers.read { try ArtifactRootQuery.version(version, of: model, $0) }
    }
}
