import AviaryTracking
import AviaryTrackingStore
import Hummingbird

struct ExperimentRoutes {
    let store: SQLiteStore

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/experiments") { _, _ -> Response in
            let experiments = try await store.experiments().map { Self.json($0) }
            return .json(["experiments": .array(experiments), "next": .null])
        }
    }

    private static func json(_ summary: ExperimentSummary) -> JSONValue {
        [
            "id": .integer(summary.experiment.id),
            "name": .text(summary.experiment.name),
            "createdAt": .text(summary.experiment.createdAt.description),
            "runCount": .integer(Int64(summary.runCount)),
        ]
    }
}
