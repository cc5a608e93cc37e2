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
            let filter = try list.filter(LoggedModelSearch.filter)
            let order = try list.order(Self.order)
            let offset = try list.offset()
            return try await tags.response(to: request) {
                let found = try await store.searchLoggedModels(
                    LoggedModelQuestion(
                        experiments: try await experiments(named: experiment), filter: filter, order: order,
                        limit: list.limit, offset: offset))
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

    /// An attribute or `metrics.NAME`, and perhaps its direction.
    private static func order(_ clauses: [String]) throws(SearchError) -> [LoggedModelOrder] {
        guard clauses.count <= SearchLimits.orderClauses else {
            throw SearchError(
                message: "\(clauses.count) clauses; at most \(SearchLimits.orderClauses) are taken")
        }
        var order: [LoggedModelOrder] = []
        for clause in clauses {
            var words = clause.split(separator: " ")
            let direction = words.last?.uppercased()
            if direction == "ASC" || direction == "DESC" { words.removeLast() }
            let field = try LoggedModelSearch.orderField(words.joined(separator: " "))
            guard !order.contains(where: { $0.field == field }) else {
                throw SearchError(message: "'\(clause.shortened())' has a key that stands there already")
            }
            order.append(LoggedModelOrder(field, isAscending: direction != "DESC"))
        }
        return order
    }

    private func experiments(named name: String?) async throws -> [Int64] {
        let active = try await store.experiments()
        guard let name else { return active.map(\.experiment.id) }
        guard let found = active.first(where: { $0.experiment.name == name }) else {
            throw TrackingError.experimentNotFound(name)
        }
        return [found.experiment.id]
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

extension LoggedModelStatus {
    fileprivate var word: String {
        switch self {
        case .pending: "PENDING"
        case .ready: "READY"
        case .uploadFailed: "FAILED"
        }
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
