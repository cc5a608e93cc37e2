import AviarySearchGrammar
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
            try request.checkQuery(["lifecycle"] + ListQuestion.searchItems)
            let list = try ListQuestion(request)
            let question = try Self.question(list, try request.lifecycle())
            return try await list.response(to: request, tags) {
                let found = try await store.searchExperiments(question)
                let summaries = try await store.summaries(of: found.things)
                return ["experiments": .array(summaries.map(\.json)), "next": try list.next(after: found)]
            }
        }
        router.get("/api/v1/experiments/:id") { request, context -> Response in
            let id = try context.experimentID()
            return try await tags.response(to: request) { try await store.experimentSummary(id).json }
        }
    }

    /// By number, unless another order is asked for.
    private static func question(
        _ list: ListQuestion, _ lifecycle: Lifecycle
    ) throws(APIError) -> ExperimentQuestion {
        let order = try list.order(of: ExperimentSearch.self)
        return ExperimentQuestion(
            lifecycle: lifecycle, filter: try list.filter(of: ExperimentSearch.self),
            order: order.isEmpty ? [SearchOrder(.id)] : order, limit: list.limit, offset: try list.offset())
    }

    private func answer(_ id: Int64, status: HTTPResponse.Status = .ok) async throws -> Response {
        .json(try await store.experimentSummary(id).json, status: status)
    }
}

extension ServerContext {
    /// The experiment that the path names.
    func experimentID() throws(TrackingError) -> Int64 {
        let text = parameters.get("id") ?? ""
        guard let id = Int64(digits: text) else {
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
