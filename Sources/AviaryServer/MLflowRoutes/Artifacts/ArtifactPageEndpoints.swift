import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The endpoints through which MLflow's own page fetches single files, and sends small ones.
struct ArtifactPageEndpoints {
    private static let uploadLimit: Int64 = 10 << 20

    let store: SQLiteStore

    var all: [MLflowEndpoint] { [ofRun, ofVersion, ofLoggedModel, upload] }

    private var ofRun: MLflowEndpoint {
        MLflowEndpoint(.get, at: "/get-artifact", bases: [""]) { [store] request, context in
            let fields = try await request.wireFields(bodyLimit: 0, context)
            let path = try WirePath(try fields.path("path"))
            let run = try fields.nonEmptyText("run_id") ?? fields.nonEmptyText("run_uuid")
            let root = try await store.artifactRoot(of: try WireFields.run(run ?? "None"))
            return try await store.artifactAnswer(path, below: root, to: request)
        }
    }

    private var ofVersion: MLflowEndpoint {
        MLflowEndpoint(.get, at: "/model-versions/get-artifact", bases: [""]) { [store] request, context in
            let fields = try await request.wireFields(bodyLimit: 0, context)
            let (name, version) = (try fields.text("name") ?? "None", try fields.text("version") ?? "None")
            let path = try WirePath(try fields.path("path"))
            guard let number = Int64(version),
                let root = try await store.artifactRoot(ofVersion: number, of: name)
            else {
                throw MLflowError(
                    .resourceDoesNotExist,
                    "Model Version (name=\(name.shortened()), version=\(version.shortened())) not found")
            }
            return try await store.artifactAnswer(path, below: root, to: request)
        }
    }

    private var ofLoggedModel: MLflowEndpoint {
        let address = "/2.0/mlflow/logged-models/:logged_model/artifacts/files"
        return MLflowEndpoint(.get, at: address) { [store] request, context in
            let fields = try await request.wireFields(bodyLimit: 0, context)
            guard let file = try fields.nonEmptyText("artifact_file_path") else {
                throw MLflowError(
                    .badRequest, "Request must include the \"artifact_file_path\" query parameter.")
            }
            let path = try WirePath(file)
            let root = try await store.artifactRoot(ofLoggedModel: try fields.text(required: "logged_model"))
            return try await store.artifactAnswer(path, below: root, to: request)
        }
    }

    private var upload: MLflowEndpoint {
        MLflowEndpoint(.post, at: "/2.0/mlflow/upload-artifact") { [store] request, _ in
            let fields = try WireFields(query: request.uri.query ?? "")
            guard let id = try fields.nonEmptyText("run_uuid") else {
                throw MLflowError.invalid("Request must specify run_uuid.")
            }
            guard let file = try fields.nonEmptyText("path") else {
                throw MLflowError.invalid("Request must specify path.")
            }
            let path = try WirePath(file)
            try await store.takeIn { upload in
                do {
                    try await upload.append(request, limit: Self.uploadLimit)
                } catch is BodyTooLarge {
                    throw MLflowError.invalid("Artifact size is too large. Max size is 10MB.")
                }
                guard upload.byteCount > 0 else { throw MLflowError.invalid("Request must specify data.") }
                let root = try await store.artifactRoot(of: try WireFields.run(id))
                _ = try await upload.keep(as: try path.below(try root.ownFolder()).name())
            }
            return Response(status: .ok, headers: [.contentType: "application/json; charset=utf-8"])
        }
    }
}

extension WireFields {
    /// A path that must be sent, but may be empty, which is the root.
    fileprivate func path(_ name: String) throws(MLflowError) -> String {
        guard let path = try text(name) else { throw .missing(name) }
        return path
    }
}

extension ArtifactRoot {
    /// The folder; refused where the files are in other storage, which this server does not open.
    fileprivate func ownFolder() throws(MLflowError) -> String {
        guard let folder else {
            throw .invalid("the files are at '\(location.shortened())', which this server does not open")
        }
        return folder
    }
}

extension SQLiteStore {
    fileprivate func artifactAnswer(
        _ path: WirePath, below root: ArtifactRoot, to request: Request
    ) async throws -> Response {
        try await artifactAnswer(path.below(try root.ownFolder()), to: request)
    }
}
