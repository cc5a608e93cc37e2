import AviaryTracking
import AviaryTrackingStore
import HTTPTypes

/// The endpoints of what a run read and made.
struct LinkEndpoints {
    /// Schemas and profiles of data sets are large.
    private static let inputsBodyLimit = 32 << 20
    private static let datasetLimit = 1000

    let store: SQLiteStore

    var all: [MLflowEndpoint] { [logInputs, logOutputs, logModel, searchDatasets] }

    private var logInputs: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/log-inputs", bodyLimit: Self.inputsBodyLimit,
            reading: RunInputs.init(fields:),
            answering: { [store] inputs in
                let run = try WireFields.run(inputs.run)
                try await store.logInputs(run, datasets: inputs.datasets, models: inputs.models)
                return [:]
            })
    }

    private var logOutputs: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/outputs",
            reading: { fields throws(MLflowError) in
                let run = try fields.text(required: "run_id")
                var models: [ModelOutput] = []
                for model in try fields.messages(required: "models") {
                    models.append(
                        ModelOutput(
                            model: try model.text(required: "model_id"), step: try model.integer("step") ?? 0)
                    )
                }
                return (try WireFields.run(run), models)
            },
            answering: { [store] (run: RunID, models: [ModelOutput]) in
                try await store.logOutputs(run, models)
                return [:]
            })
    }

    private var logModel: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/log-model", reading: ModelHistory.Entry.init(fields:),
            answering: { [store] entry in
                let run = try WireFields.run(entry.run)
                try await store.changeTag(ModelHistory.tag, of: run) { known throws(TrackingError) in
                    try entry.added(to: known)
                }
                return [:]
            })
    }

    private var searchDatasets: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/experiments/search-datasets",
            reading: { fields throws(MLflowError) in
                let ids = try fields.texts("experiment_ids")
                guard !ids.isEmpty else {
                    throw .invalid("SearchDatasets request must specify at least one experiment_id.")
                }
                guard ids.count <= 20 else {
                    throw .invalid(
                        "SearchDatasets request cannot specify more than 20 experiment_ids. "
                            + "Received \(ids.count) experiment_ids.")
                }
                return try fields.experimentIDs()
            },
            answering: { [store] experiments in
                let uses = try await store.datasets(in: experiments, limit: Self.datasetLimit)
                return ["dataset_summaries": .list(uses.map(\.wire))]
            })
    }
}

extension DatasetUse {
    fileprivate var wire: WireObject {
        [
            "experiment_id": .text(String(experiment)),
            "name": .text(name),
            "digest": .text(digest),
            "context": .optional(context),
        ]
    }
}
