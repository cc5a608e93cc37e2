import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

/// The registry of models, to be read.
struct RegistryRoutes {
    let store: SQLiteStore
    let tags: AnswerTags

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/registered-models") { request, _ -> Response in
            try request.checkQuery(ListQuestion.searchItems)
            let list = try ListQuestion(request)
            let question = RegisteredModelQuestion(
                filter: try list.filter(of: RegisteredModelSearch.self),
                order: try list.order(of: RegisteredModelSearch.self), limit: list.limit,
                offset: try list.offset())
            return try await list.response(to: request, tags) {
                let found = try await store.searchRegisteredModels(question)
                return [
                    "registeredModels": .array(found.things.map(\.json)), "next": try list.next(after: found),
                ]
            }
        }
        router.get("/api/v1/registered-models/:name") { request, context -> Response in
            let name = try context.text("name")
            return try await tags.response(to: request) { try await store.registeredModel(named: name).json }
        }
        router.get("/api/v1/registered-models/:name/versions/:version") { request, context -> Response in
            let id = try context.versionID()
            return try await tags.response(to: request) { try await store.modelVersion(id).json }
        }
        router.get("/api/v1/model-versions") { request, _ -> Response in
            try request.checkQuery(["model"] + ListQuestion.searchItems)
            let list = try ListQuestion(request)
            let question = try Self.versions(list, of: try request.query("model"))
            return try await list.response(to: request, tags) {
                let found = try await store.searchModelVersions(question)
                return [
                    "modelVersions": .array(found.things.map(\.json)), "next": try list.next(after: found),
                ]
            }
        }
    }

    private static func versions(_ list: ListQuestion, of model: String?) throws -> ModelVersionQuestion {
        var filter = try list.filter(of: ModelVersionSearch.self)
        if let model { filter = .all([.test(.text(.name, .equal(model))), filter]) }
        return ModelVersionQuestion(
            filter: filter, order: try list.order(of: ModelVersionSearch.self), limit: list.limit,
            offset: try list.offset())
    }
}

extension ServerContext {
    /// What a part of the path says.
    func text(_ name: String) throws(APIError) -> String {
        guard let text = PercentEncoding.decode(parameters.get(name) ?? "") else {
            throw APIError(.invalid, "\(name): its percent encoding is broken")
        }
        return text
    }

    fileprivate func versionID() throws -> ModelVersionID {
        let (model, number) = (try text("name"), try text("version"))
        guard let version = Int64(digits: number) else {
            throw TrackingError.registry(.versionNotFound(model: model, version: number.shortened()))
        }
        return ModelVersionID(model, version)
    }
}

extension RegisteredModel {
    var json: JSONValue {
        [
            "name": .text(name),
            "description": .optional(description),
            "createdAt": .text(createdAt.description),
            "updatedAt": .text(updatedAt.description),
            "tags": .sorted(tags) { .text($0) },
            "aliases": .sorted(aliases) { .integer($0) },
            "latestVersions": .array(latestVersions.map(\.json)),
        ]
    }
}

extension ModelVersion {
    var json: JSONValue {
        [
            "model": .text(model),
            "version": .integer(number),
            "description": .optional(description),
            "stage": .text(stage.rawValue),
            "source": .text(source),
            // Where nobody said of a run, MLflow's searches see an empty one; here it is none.
            "run": .optional(run.flatMap { $0.isEmpty ? nil : $0 }),
            "loggedModel": .optional(loggedModel),
            "createdAt": .text(createdAt.description),
            "updatedAt": .text(updatedAt.description),
            "tags": .sorted(tags) { .text($0) },
            "aliases": .array(aliases.map { .text($0) }),
        ]
    }
}
