import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import HummingbirdCore

/// The endpoints of runs as a whole; what is logged into them is in `LoggingEndpoints`.
struct RunEndpoints {
    let store: SQLiteStore

    var all: [MLflowEndpoint] { [create, get, update, delete, restore, search] }

    private var create: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/create", reading: NewRun.init(fields:),
            answering: { [store] new in
                let run = try await store.createRun(new)
                return ["run": LinkedRun(run: run).wireNew.json]
            })
    }

    private var get: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/runs/get", reading: Self.run,
            answering: { [store] run in
                ["run": try await store.linkedRun(run).wire.json]
            })
    }

    private var update: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/update",
            reading: { fields throws(MLflowError) in
                let (run, change) = (try fields.runID(), try RunChange(fields: fields))
                return (try WireFields.run(run), change)
            },
            answering: { [store] (run: RunID, change: RunChange) in
                ["run_info": try await store.updateRun(run, change).wireInfo.json]
            })
    }

    private var delete: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/delete", reading: Self.run,
            answering: { [store] run in
                try await store.deleteRun(run)
                return [:]
            })
    }

    private var restore: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/restore", reading: Self.run,
            answering: { [store] run in
                try await store.restoreRun(run, evenAlone: true)
                return [:]
            })
    }

    private var search: MLflowEndpoint {
        MLflowEndpoint(
            .post, at: "/2.0/mlflow/runs/search", reading: RunQuestion.init(fields:),
            streaming: { [store] question in
                let found = try await store.findRuns(question)
                let next = PageToken.next(
                    after: question.offset, limit: question.limit, if: found.hasMore)
                return try await .wireList("runs", FoundWireList(found, nextPageToken: next) { $0.wire })
            })
    }

    private static func run(_ fields: WireFields) throws(MLflowError) -> RunID {
        try WireFields.run(try fields.runID())
    }
}
