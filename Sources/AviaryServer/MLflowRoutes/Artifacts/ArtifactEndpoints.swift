import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The endpoints through which clients send, list, fetch and delete files, by their whole path.
///
/// Files go through this server only: it signs no addresses of other storage, which clients hear in the words on which
/// they do without. Those that come in parts are taken by `PartEndpoints`.
struct ArtifactEndpoints {
    private static let files = "/2.0/mlflow-artifacts/artifacts"

    let store: SQLiteStore

    var all: [MLflowEndpoint] {
        [list, get, put, delete, presigned, listOfRun, presignedUpload, presignedDownload]
    }

    // MARK: - All files

    private var list: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: Self.files,
            reading: { fields throws(MLflowError) in
                try WirePath(try fields.text("path") ?? "")
            },
            streaming: { [store] path in
                let entries = try await store.artifactEntries(of: path.resolved)
                return try await .wireList("files", WireList(entries) { $0.wire(in: "") })
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(.get, at: Self.files + "/**") { [store] request, _ in
            let path = try request.wirePath(after: Self.files)
            return try await store.artifactAnswer(path, to: request)
        }
    }

    private var put: MLflowEndpoint {
        MLflowEndpoint(.put, at: Self.files + "/**") { [store] request, _ in
            let name = try request.wirePath(after: Self.files).name()
            try await store.checkArtifactName(name)
            let artifact = try await store.takeIn { upload in
                try await upload.append(request)
                return try await upload.keep(as: name)
            }
            return Response(status: .ok, headers: [.eTag: "\"\(artifact.sha256)\""])
        }
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(.delete, at: Self.files + "/**") { [store] request, _ in
            let path = try request.wirePath(after: Self.files).resolved
            guard !path.isEmpty else {
                throw MLflowError.invalid("Invalid path: it names all files of all runs")
            }
            try await store.deleteArtifacts(path)
            return .json([:])
        }
    }

    private var presigned: MLflowEndpoint {
        let address = "/2.0/mlflow-artifacts/presigned"
        return MLflowEndpoint(.get, at: address + "/**") { request, _ in
            _ = try request.wirePath(after: address)
            throw MLflowError.notSupported("Multipart download")
        }
    }

    // MARK: - Files of a run

    private var listOfRun: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/artifacts/list",
            reading: { fields throws(MLflowError) in
                let (run, path) = (try fields.runID(), try fields.text("path"))
                _ = try fields.text("page_token")  // a list is never cut, so that none was given out
                return (run, try path.map { text throws(MLflowError) in try WirePath(text) })
            },
            streaming: { [store] (run: String, path: WirePath?) in
                let root = try await store.artifactRoot(of: try WireFields.run(run))
                return try await .artifacts(below: root, in: path, store)
            })
    }

    private var presignedUpload: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/artifacts/presigned-upload-url",
            reading: { fields throws(MLflowError) in
                let (run, model) = (try fields.text("run_id") ?? "", try fields.text("model_id") ?? "")
                let path = try fields.text(required: "path")
                _ = try fields.integer("expiration")
                guard run.isEmpty != model.isEmpty else {
                    throw .invalid("Exactly one of run_id and model_id must be provided.")
                }
                _ = try WirePath(path)
                return (run, model)
            },
            answering: { [store] (run: String, model: String) in
                let root =
                    run.isEmpty
                    ? try await store.artifactRoot(ofLoggedModel: model)
                    : try await store.artifactRoot(of: try WireFields.run(run))
                guard !root.location.hasPrefix(ArtifactPlace.scheme) else {
                    throw MLflowError.invalid(
                        "Presigned upload is not supported for proxied artifact storage (artifact URI scheme: "
                            + "mlflow-artifacts). This endpoint requires a direct cloud storage artifact URI."
                    )
                }
                throw MLflowError.notSupported("Presigned upload")
            })
    }

    private var presignedDownload: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/artifacts/presigned-download-url",
            reading: { fields throws(MLflowError) in
                let (run, path) = (try fields.text(required: "run_id"), try fields.text(required: "path"))
                let seconds = try fields.integer("expiration") ?? 900
                _ = try WirePath(path)
                guard (1...604_800).contains(seconds) else {
                    throw .invalid("expiration must be between 1 and 604800 seconds (got \(seconds)).")
                }
                return run
            },
            answering: { [store] run in
                let root = try await store.artifactRoot(of: try WireFields.run(run))
                guard !root.location.hasPrefix(ArtifactPlace.scheme) else {
                    throw MLflowError.invalid(
                        "Presigned download is not supported for runs with proxied artifact storage (artifact "
                            + "URI scheme: mlflow-artifacts). This endpoint requires a run with a direct cloud "
                            + "storage artifact URI.")
                }
                throw MLflowError.notSupported("Presigned download")
            })
    }
}

extension MLflowError {
    /// The words on which clients do without.
    fileprivate static func notSupported(_ thing: String) -> MLflowError {
        MLflowError(.notImplemented, "\(thing) is not supported for the current artifact repository")
    }
}

extension SQLiteStore {
    /// The file at a path, for whoever may save it.
    func artifactAnswer(_ path: WirePath, to request: Request) async throws -> Response {
        try await ArtifactAnswer.response(to: request) {
            switch try await findArtifact(path.resolved) {
            case .file(let artifact, let bytes): return (artifact, bytes)
            case .folder:
                throw MLflowError.invalid(
                    "Artifact path refers to a directory, not a file: '\(path.text.shortened())'")
            case .nothing:
                throw MLflowError(.resourceDoesNotExist, "No such artifact: '\(path.text.shortened())'")
            }
        }
    }
}
