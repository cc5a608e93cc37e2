import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import HummingbirdCore

/// The endpoints of the versions that registered models have.
struct ModelVersionEndpoints {
    private static let path = "/2.0/mlflow/model-versions"

    let store: SQLiteStore

    var all: [MLflowEndpoint] {
        [create, get, update, delete, search, location, transition, setTag, deleteTag]
    }

    private var create: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/create", reading: NewModelVersion.init(fields:),
            answering: { [store] new in
                ["model_version": try await store.createModelVersion(new).wire.json]
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/get", reading: ModelVersionID.init(fields:),
            answering: { [store] version in
                ["model_version": try await store.modelVersion(version).wire.json]
            })
    }

    private var update: MLflowEndpoint {
        MLflowEndpoint(
            .patch, at: "\(Self.path)/update", reading: ModelVersionDescription.init(fields:),
            answering: { [store] change in
                let version = try await store.describeModelVersion(change.version, change.text)
                return ["model_version": version.wire.json]
            })
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.path)/delete", reading: ModelVersionID.init(fields:),
            answering: { [store] version in
                try await store.deleteModelVersion(version)
                return [:]
            })
    }

    private var search: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/search", reading: ModelVersionQuestion.init(fields:),
            streaming: { [store] question in
                let found = try await store.findModelVersions(question)
                let next = PageToken.next(
                    after: question.offset, limit: question.limit, if: found.hasMore)
                return try await .wireList(
                    "model_versions", FoundWireList(found, nextPageToken: next) { $0.wireWithoutAliases })
            })
    }

    /// MLflow leaves both fields to their own rules here.
    private var location: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/get-download-uri",
            reading: { fields throws(MLflowError) in
                let (name, version) = (try fields.text("name") ?? "", try fields.text("version") ?? "")
                return try ModelVersionID(name: name, version: version)
            },
            answering: { [store] version in
                ["artifact_uri": .text(try await store.modelVersion(version).location)]
            })
    }

    private var transition: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/transition-stage", reading: StageTransition.init(fields:),
            answering: { [store] transition in
                let version = try await store.moveModelVersion(
                    transition.version, to: transition.stage, archivingOthers: transition.archivesOthers)
                return ["model_version": version.wire.json]
            })
    }

    private var setTag: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/set-tag", reading: ModelVersionTag.init(fields:),
            answering: { [store] tag in
                try await store.setModelVersionTags(tag.tags.byKey, of: tag.version)
                return [:]
            })
    }

    private var deleteTag: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.path)/delete-tag", reading: ModelVersionTagKey.init(fields:),
            answering: { [store] tag in
                try await store.deleteModelVersionTag(tag.key, of: tag.version)
                return [:]
            })
    }
}
