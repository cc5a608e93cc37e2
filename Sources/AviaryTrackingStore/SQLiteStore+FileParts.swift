package import AviaryArtifacts
package import AviaryTracking

// Files that come in parts.
extension SQLiteStore {
    /// Begins to take in a file in so many parts, under an identifier that is drawn by lot.
    package func beginParts(of name: ArtifactPath, count: Int) async throws(TrackingError) -> String {
        try await checkArtifactName(name)
        return try await blobQueues.next.run { [blobs] in try blobs.beginParts(of: name, count: count).id }
    }

    /// `nil` where none were begun under this identifier, or where they are done with.
    package func parts(_ id: String) async throws(TrackingError) -> FileParts? {
        try await blobQueues.next.run { [blobs] in try blobs.parts(id) }
    }

    package func isDone(_ parts: FileParts) async throws(TrackingError) -> Bool {
        try await blobQueues.next.run { parts.isDone }
    }

    /// Notes that the file of these parts has its name.
    package func finish(_ parts: FileParts) async throws(TrackingError) {
        try await blobQueues.next.run { try parts.finish() }
    }

    package func forget(_ parts: FileParts) async throws(TrackingError) {
        try await blobQueues.next.run { try parts.remove() }
    }
}

extension ArtifactUpload {
    /// Keeps what came as a part of a file; `nil` if nobody waits for it any more.
    package func keep(as number: Int, of parts: FileParts) async throws(TrackingError) -> FilePart? {
        try await queue.run { [draft] in try parts.keep(draft, number: number) }
    }

    /// Adds the bytes of a part; `false` if no such part came.
    package func append(_ part: FilePart, of parts: FileParts) async throws(TrackingError) -> Bool {
        try await queue.run { [draft] in try parts.append(part, to: draft) }
    }
}
