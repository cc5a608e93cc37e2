import AviaryTracking
import AviaryTrackingStore
import HTTPTypes

/// The endpoints of experiments.
///
/// A name that an experiment in the trash has is not free here, as it is not with MLflow.
struct ExperimentEndpoints {
    let store: SQLiteStore

    var all: [MLflowEndpoint] {
        [create, get, getByName, search, update, delete, restore, setTag, deleteTag]
    }

    private var create: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/create", reading: NewExperiment.init(fields:),
            answering: { [store] new in
                let experiment = try await store.createExperiment(new, reservingTrashed: true)
                return ["experiment_id": .text(String(experiment.id))]
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/experiments/get", reading: Self.id,
            answering: { [store] id in
                ["experiment": try await store.experiment(id).wire.json]
            })
    }

    private var getByName: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/experiments/get-by-name",
            reading: { fields throws(MLflowError) in try fields.text(required: "experiment_name") },
            answering: { [store] name in
                guard let found = try await store.findExperiment(named: name) else {
                    throw TrackingError.experimentNotFound(name)
                }
                return ["experiment": found.wire.json]
            })
    }

    private var search: MLflowEndpoint {
        MLflowEndpoint(
            .get, .post, at: "/2.0/mlflow/experiments/search", reading: ExperimentQuestion.init(fields:),
            answering: { [store] question in
                let found = try await store.searchExperiments(question)
                var answer: WireObject = ["experiments": .list(found.things.map(\.wire))]
                let next = PageToken.next(
                    after: question.offset, limit: question.limit, if: found.hasMore)
                answer.set("next_page_token", .optional(next))
                return answer
            })
    }

    private var update: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/update", reading: ExperimentRenaming.init(fields:),
            answering: { [store] change in
                do throws(TrackingError) {
                    try await store.renameExperiment(change.id, to: change.name, reservingTrashed: true)
                } catch .deleted {
                    throw MLflowError.invalid("Cannot rename a non-active experiment.")
                } catch .experimentExists {
                    throw MLflowError(
                        .badRequest, "an experiment has the name '\(change.name.shortened())' already")
                }
                return [:]
            })
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/delete", reading: Self.id,
            answering: { [store] id in
                do throws(TrackingError) {
                    try await store.deleteExperiment(id)
                } catch .deleted {
                    throw TrackingError.experimentNumberNotFound(id)
                }
                return [:]
            })
    }

    private var restore: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/restore", reading: Self.id,
            answering: { [store] id in
                try await store.restoreWholeExperiment(id)
                return [:]
            })
    }

    private var setTag: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/set-experiment-tag", reading: ExperimentTag.init(fields:),
            answering: { [store] tag in
                try await store.setExperimentTags([ExactKey(tag.key): tag.value], of: tag.experiment)
                return [:]
            })
    }

    private var deleteTag: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/delete-experiment-tag",
            reading: { fields throws(MLflowError) in
                let (id, key) = (try fields.text(required: "experiment_id"), try fields.text(required: "key"))
                return (try WireFields.experimentID(id), key)
            },
            answering: { [store] (id: Int64, key: String) in
                try await store.deleteExperimentTag(key, of: id)
                return [:]
            })
    }

    private static func id(_ fields: WireFields) throws(MLflowError) -> Int64 { try fields.experimentID() }
}
