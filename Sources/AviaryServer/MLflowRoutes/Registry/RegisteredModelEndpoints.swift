import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import HummingbirdCore

/// The endpoints of registered models and of the aliases that their versions have.
struct RegisteredModelEndpoints {
    private static let path = "/2.0/mlflow/registered-models"

    let store: SQLiteStore

    var all: [MLflowEndpoint] {
        [
            create, get, update, rename, delete, search, latestVersions, setTag, deleteTag, setAlias,
            getByAlias,
            deleteAlias,
        ]
    }

    private var create: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/create", reading: NewRegisteredModel.init(fields:),
            answering: { [store] new in
                ["registered_model": try await store.createRegisteredModel(new).wire.json]
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/get", reading: Self.name,
            answering: { [store] name in
                ["registered_model": try await store.registeredModel(named: name).wire.json]
            })
    }

    private var update: MLflowEndpoint {
        MLflowEndpoint(
            .patch, at: "\(Self.path)/update", reading: RegisteredModelWord.description,
            answering: { [store] change in
                let model = try await store.describeRegisteredModel(change.name, change.word)
                return ["registered_model": model.wire.json]
            })
    }

    private var rename: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/rename", reading: RegisteredModelWord.newName,
            answering: { [store] change in
                let model = try await store.renameRegisteredModel(change.name, to: change.word)
                return ["registered_model": model.wire.json]
            })
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.path)/delete", reading: Self.name,
            answering: { [store] name in
                try await store.deleteRegisteredModel(name)
                return [:]
            })
    }

    private var search: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/search", reading: RegisteredModelQuestion.init(fields:),
            streaming: { [store] question in
                let found = try await store.findRegisteredModels(question)
                let next = PageToken.next(
                    after: question.offset, limit: question.limit, if: found.hasMore)
                return try await .wireList(
                    "registered_models", FoundWireList(found, nextPageToken: next) { $0.wire })
            })
    }

    private var latestVersions: MLflowEndpoint {
        MLflowEndpoint(
            .get, .post, at: "\(Self.path)/get-latest-versions",
            reading: { fields throws(MLflowError) in
                let (name, names) = (try fields.text(required: "name"), try fields.texts("stages"))
                try NameRules.registeredModel(name)
                return (name, names)
            },
            answering: { [store] (name: String, stages: [String]) in
                let latest = try await store.latestVersions(of: name)
                let wanted = try stages.map(ModelStage.init(wire:))
                let versions = latest.filter { wanted.isEmpty || wanted.contains($0.stage) }
                return ["model_versions": .list(versions.map(\.wire))]
            })
    }

    private var setTag: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/set-tag",
            reading: { fields throws(MLflowError) in
                let (name, tag) = (try fields.text(required: "name"), try fields.modelTag())
                try NameRules.registeredModel(name)
                try tag.check(of: .registeredModel)
                return (name, tag)
            },
            answering: { [store] (name: String, tag: ModelTags) in
                try await store.setRegisteredModelTags(tag.byKey, of: name)
                return [:]
            })
    }

    private var deleteTag: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.path)/delete-tag", reading: RegisteredModelWord.tagKey,
            answering: { [store] tag in
                try await store.deleteRegisteredModelTag(tag.word, of: tag.name)
                return [:]
            })
    }

    private static func name(_ fields: WireFields) throws(MLflowError) -> String { try fields.modelName() }
}

// Aliases, which all have one address.
extension RegisteredModelEndpoints {
    private var setAlias: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "\(Self.path)/alias", reading: NewModelAlias.init(fields:),
            answering: { [store] new in
                try await store.setModelAlias(new.alias, to: new.version)
                return [:]
            })
    }

    private var getByAlias: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "\(Self.path)/alias", reading: RegisteredModelWord.alias,
            answering: { [store] alias in
                let version = try await store.modelVersion(aliased: alias.word, of: alias.name)
                return ["model_version": version.wire.json]
            })
    }

    private var deleteAlias: MLflowEndpoint {
        MLflowEndpoint(
            .delete, at: "\(Self.path)/alias", reading: RegisteredModelWord.alias,
            answering: { [store] alias in
                try await store.deleteModelAlias(alias.word, of: alias.name)
                return [:]
            })
    }
}
