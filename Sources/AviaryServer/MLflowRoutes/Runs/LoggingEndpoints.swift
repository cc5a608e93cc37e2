import AviaryTracking
import AviaryTrackingStore
import HTTPTypes

/// The endpoints that log metrics, params and tags; each request is stored as a whole or not at all.
///
/// Runs that have ended take what clients of MLflow log into them, as theirs do.
struct LoggingEndpoints {
    /// 100 params of 6000 characters and 100 tags of 8000, each character six bytes of an escape, are 8.4 MB.
    private static let batchBodyLimit = 16 << 20

    let store: SQLiteStore

    var all: [MLflowEndpoint] { [logMetric, logParam, setTag, deleteTag, logBatch] }

    private var logMetric: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/log-metric", reading: RunBatch.init(metric:), answering: log)
    }

    private var logParam: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/log-parameter", reading: RunBatch.init(param:), answering: log)
    }

    private var setTag: MLflowEndpoint {
        MLflowEndpoint(.post, at: "/2.0/mlflow/runs/set-tag", reading: RunBatch.init(tag:), answering: log)
    }

    private var deleteTag: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/delete-tag",
            reading: { fields throws(MLflowError) in
                let (run, key) = (try fields.text(required: "run_id"), try fields.text(required: "key"))
                return (try WireFields.run(run), key)
            },
            answering: { [store] (run: RunID, key: String) in
                try await store.deleteTag(key, of: run)
                return [:]
            })
    }

    private var logBatch: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/log-batch", bodyLimit: Self.batchBodyLimit,
            reading: RunBatch.init(batch:),
            answering: { [log] batch in
                do {
                    return try await log(batch)
                } catch TrackingError.paramsChanged(let run, let changes) {
                    let places = Dictionary(batch.paramOrder.enumerated().map { ($1, $0) }) { first, _ in
                        first
                    }
                    let inOrder = changes.sorted { places[$0.key] ?? 0 < places[$1.key] ?? 0 }
                    throw MLflowError.paramsChanged(run, inOrder)
                }
            })
    }

    private var log: @Sendable (RunBatch) async throws -> WireObject {
        { [store] batch in
            let run = try WireFields.run(batch.run)
            do throws(TrackingError) {
                try await store.log(
                    run, points: batch.points, params: batch.params, tags: batch.tags, links: batch.links,
                    intoEnded: true)
            } catch .loggedModelNotFound(let model) {
                // With MLflow a constraint of the database.
                throw MLflowError(.badRequest, "Logged model with ID '\(model.shortened())' not found.")
            }
            return [:]
        }
    }
}
