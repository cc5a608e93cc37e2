package import AviaryTracking
import HTTPTypes
import Hummingbird
package import HummingbirdCore

/// A file that somebody logged, which is anybody's bytes: to be saved, never shown as a page of this server.
package struct ArtifactAnswer {
    private let artifact: Artifact
    /// Where its bytes are on this disk.
    private let file: String

    /// Answers with the file that `find` tells, and where its bytes are on this disk.
    ///
    /// Until they are opened another file may get the name, or nobody have it any longer, and the bytes be freed: then
    /// `find` is asked once more.
    package static func response(
        to request: Request, _ find: () async throws -> (Artifact, file: String)
    ) async throws -> Response {
        let (artifact, file) = try await find()
        do {
            return try await ArtifactAnswer(artifact: artifact, file: file).response(to: request)
        } catch let damage as DamagedFile {
            let (now, file) = try await find()
            guard now.sha256 != artifact.sha256 else { throw damage }
            return try await ArtifactAnswer(artifact: now, file: file).response(to: request)
        }
    }

    private func response(to request: Request) async throws -> Response {
        let name = artifact.path.split(separator: "/").last.map { String($0) } ?? "file"
        var headers: HTTPFields = [
            .contentType: MediaType.ofFile(named: name),
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .cacheControl: "no-cache",
        ]
        headers.setAttachment(named: name)
        let answer = FileAnswer(
            file: file, byteCount: artifact.byteCount, sha256: artifact.sha256, headers: headers)
        return try await answer.response(to: request)
    }
}
