import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Experiments, their trash included.
///
/// A name is taken by an experiment that is not in the trash, and by no other; MLflow's routes hold to MLflow's rule.
struct ExperimentRoutes {
    private static let path: RouterPath = "/api/v1/experiments"

    let store: SQLiteStore
    let tags: AnswerTags

    func add(to router: Router<ServerContext>) {
        addReading(to: router)
        router.post(Self.path) { request, _ -> Response in
            let fields = try BodyFields(try await request.json(), known: ["name", "tags"])
            let new = NewExperiment(name: try fields.text("name"), tags: try fields.texts("tags"))
            let made = try await store.createExperiment(new)
            return try await answer(made.id, status: .created)
        }
        router.patch("/api/v1/experiments/:id") { request, context -> Response in
            let id = try context.experimentID()
            let fields = try BodyFields(try await request.json(), known: ["name"])
            try await store.renameExperiment(id, to: try fields.text("name"))
            return try await answer(id)
        }
        router.delete("/api/v1/experiments/:id") { _, context -> Response in
            do throws(TrackingError) {
                try await store.deleteExperiment(context.experimentID())
            } catch .deleted {}  // there already: what was asked for holds
            return Response(status: .noContent)
        }
        router.post("/api/v1/experiments/:id/restore") { request, context -> Response in
            let id = try context.experimentID()
            let fields = try await request.jsonIfAny().map { try BodyFields($0, known: ["name"]) }
            try await store.restoreExperiment(id, named: try fields?.optionalText("name"))
            return try await answer(id)
        }
    }

    private func addReading(to router: Router<ServerContext>) {
        router.get(Self.path) { request, _ -> Response in
            try request.checkQuery(["lifecycle"])
            let lifecycle = try request.lifecycle()
            return try await tags.response(to: request) {
                let experiments = try await store.experiments(lifecycle)
                return ["experiments": .array(experiments.map(\.json)), "next": .null]
            }
        }
        router.get("/api/v1/experiments/:id") { request, context -> Response in
            let id = try context.experimentID()
            return try await tags.response(to: request) { try await store.experimentSummary(id).json }
        }
    }

    private func answer(_ id: Int64, status: HTTPResponse.Status = .ok) async throws -> Response {
        .json(try await store.experimentSummary(id).json, status: status)
    }
}

extension ServerContext {
    /// The experiment that the path names.
    func experimentID() throws(TrackingError) -> Int64 {
        let text = parameters.get("id") ?? ""
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let id = Int64(text) else {
            throw .experimentNotFound((PercentEncoding.decode(text) ?? text).shortened())
        }
        return id
    }
}

extension ExperimentSummary {
    var json: JSONValue {
        [
            "id": .integer(experiment.id),
            "name": .text(experiment.name),
            "createdAt": .text(experiment.createdAt.description),
            "updatedAt": .text(experiment.updatedAt.description),
            "deleted": .bool(experiment.isDeleted),
            "tags": .sorted(experiment.tags) { .text($0) },
            "runCount": .integer(Int64(runCount)),
        ]
    }
}
