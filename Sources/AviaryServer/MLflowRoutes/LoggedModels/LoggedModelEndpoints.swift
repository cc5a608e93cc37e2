import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import HummingbirdCore

/// The endpoints of logged models.
///
/// In an address the model stands for `:logged_model`, and not for `:model_id`, which two endpoints want in the body too.
struct LoggedModelEndpoints {
    private static let models = "/2.0/mlflow/logged-models"
    private static let model = "\(models)/:\(LoggedModelAddress.field)"

    let store: SQLiteStore

    var all: [MLflowEndpoint] {
        [create, get, finalize, delete, search, setTags, deleteTag, logParams, directories]
    }

    private var create: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: Self.models, reading: NewLoggedModel.init(fields:),
            answering: { [store] new in
                // Nothing was measured of it yet.
                ["model": try await store.createLoggedModel(new).wireUnmeasured.json]
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: Self.model,
            reading: { fields throws(MLflowError) in
                (try LoggedModelAddress.model(fields), try fields.bool("allow_deleted") ?? false)
            },
            streaming: { [store] (id: String, evenInTrash: Bool) in
                LoggedModelAnswer(store).one(try await store.loggedModel(id, evenInTrash: evenInTrash))
            })
    }

    private var finalize: MLflowEndpoint {
        MLflowEndpoint(
            .patch, at: Self.model,
            reading: { fields throws(MLflowError) in
                let id = try LoggedModelAddress.repeatedModel(fields)
                return (id, try fields.value(required: "status", among: .loggedModelStatuses))
            },
            streaming: { [store] (id: String, status: LoggedModelStatus) in
                LoggedModelAnswer(store).one(try await store.setStatus(status, ofLoggedModel: id))
            })
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: Self.model, reading: LoggedModelAddress.model,
            answering: { [store] id in
                try await store.deleteLoggedModel(id)
                return [:]
            })
    }

    private var search: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.models)/search", reading: LoggedModelSearchRequest.init(fields:),
            streaming: { [store] request in
                let found = try await store.findLoggedModels(request.question)
                return try await LoggedModelAnswer(store)
                    .list(found, nextPageToken: found.hasMore ? request.nextToken : nil)
            })
    }

    private var setTags: MLflowEndpoint {
        MLflowEndpoint(
            .patch, at: "\(Self.model)/tags",
            reading: { fields throws(MLflowError) in
                let tags = try fields.pairs("tags")
                return (try LoggedModelAddress.model(fields), tags.byKey)
            },
            answering: { [store] (id: String, tags: [ExactKey: String]) in
                try await store.setLoggedModelTags(tags, of: id)
                return [:]
            })
    }

    private var deleteTag: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.model)/tags/:tag_key",
            reading: { fields throws(MLflowError) in
                (try LoggedModelAddress.model(fields), try fields.text(required: "tag_key"))
            },
            answering: { [store] (id: String, key: String) in
                try await store.deleteLoggedModelTag(key, of: id)
                return [:]
            })
    }

    private var logParams: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.model)/params",
            reading: { fields throws(MLflowError) in
                (
                    try LoggedModelAddress.repeatedModel(fields),
                    try fields.distinctPairs("params", each: "param")
                )
            },
            answering: { [store] (id: String, params: [ExactKey: String]) in
                try await store.addLoggedModelParams(params, to: id)
                return [:]
            })
    }

    private var directories: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.model)/artifacts/directories",
            reading: { fields throws(MLflowError) in
                let path = try fields.nonEmptyText("artifact_directory_path")
                let model = try LoggedModelAddress.model(fields)
                return (model, try path.map { path throws(MLflowError) in try WirePath(path) })
            },
            streaming: { [store] (model: String, path: WirePath?) in
                let root = try await store.artifactRoot(ofLoggedModel: model)
                return try await .artifacts(below: root, in: path, store)
            })
    }
}
