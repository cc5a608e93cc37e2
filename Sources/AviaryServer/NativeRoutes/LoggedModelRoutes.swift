import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

/// The models that runs logged, to be read.
struct LoggedModelRoutes {
    let store: SQLiteStore
    let tags: AnswerTags

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/logged-models") { request, _ -> Response in
            try request.checkQuery(["experiment"] + ListQuestion.searchItems)
            let list = try ListQuestion(request)
            let experiment = try request.query("experiment")
            let question = LoggedModelQuestion(
                experiments: nil, filter: try list.filter(of: LoggedModelSearch.self),
                order: try list.order(of: LoggedModelSearch.self).map { LoggedModelOrder($0) },
                limit: list.limit, offset: try list.offset())
            return try await list.response(to: request, tags) {
                let found = try await found(question, in: experiment)
                let points = try await store.lastPoints(ofLoggedModels: found.things.map(\.id))
                let models = zip(found.things, points).map { $0.json(points: $1) }
                return ["loggedModels": .array(models), "next": try list.next(after: found)]
            }
        }
        router.get("/api/v1/logged-models/:id") { request, context -> Response in
            let id = try context.text("id")
            return try await tags.response(to: request) {
                let model = try await store.loggedModel(id)
                return model.json(points: try await store.lastPoints(ofLoggedModels: [id])[0])
            }
        }
    }

    private func found(
        _ question: LoggedModelQuestion, in experiment: String?
    ) async throws(TrackingError) -> Found<LoggedModel> {
        var question = question
        if let experiment { question.experiments = try await store.experiments(named: experiment) }
        return try await store.searchLoggedModels(question)
    }
}

extension LoggedModel {
    fileprivate func json(points: [LoggedModelPoint]) -> JSONValue {
        [
            "id": .text(id),
            "name": .text(name),
            "experimentId": .integer(experimentID),
            "status": .text(status.word),
            "type": .text(type),
            "run": .optional(sourceRun.isEmpty ? nil : sourceRun),
            "createdAt": .text(createdAt.description),
            "updatedAt": .text(updatedAt.description),
            "params": .sorted(params) { .text($0) },
            "tags": .sorted(tags) { .text($0) },
            "metrics": .array(points.map(\.json)),
        ]
    }
}

extension LoggedModelPoint {
    fileprivate var json: JSONValue {
        [
            "key": .text(point.key),
            "value": .number(point.value),
            "step": .integer(point.step),
            "time": .text(point.timestamp.description),
            "run": .text(run.description),
            "dataset": .optional(datasetName.isEmpty ? nil : datasetName),
        ]
    }
}
