import AviaryTracking
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A file that somebody logged, which is anybody's bytes: to be saved, never shown as a page of this server.
struct ArtifactAnswer {
    let artifact: Artifact
    /// Where its bytes are on this disk.
    let file: String

    func response(to request: Request) async throws -> Response {
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
