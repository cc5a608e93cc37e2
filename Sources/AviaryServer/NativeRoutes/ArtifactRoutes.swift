import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The files of a run.
struct ArtifactRoutes {
    let store: SQLiteStore
    let tags: AnswerTags

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/runs/:id/artifacts") { request, context -> Response in
            let id = try context.runID()
            return try await tags.response(to: request) {
                let artifacts = try await store.artifacts(of: id).map { Self.json($0) }
                return ["artifacts": .array(artifacts), "next": .null]
            }
        }
        router.get("/api/v1/runs/:id/artifacts/**") { request, context -> Response in
            let (run, path) = (try context.runID(), try Self.path(request, context))
            return try await ArtifactAnswer.response(to: request) {
                try await store.artifactFile(run, path: path.text)
            }
        }
    }

    private static func json(_ artifact: Artifact) -> JSONValue {
        [
            "path": .text(artifact.path),
            "size": .integer(artifact.byteCount),
            "sha256": .text(artifact.sha256),
        ]
    }

    /// What stands behind `artifacts/`, decoded once.
    private static func path(_ request: Request, _ context: ServerContext) throws -> ArtifactPath {
        let prefix = "/api/v1/runs/\(context.parameters.get("id") ?? "")/artifacts/"
        guard request.uri.path.hasPrefix(prefix),
            let path = PercentEncoding.decode(request.uri.path.dropFirst(prefix.count))
        else { throw APIError(.invalid, "the artifact's path is not well written") }
        return try ArtifactPath(path)
    }
}
