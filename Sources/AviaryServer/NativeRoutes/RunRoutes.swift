import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

/// Runs, their trash included.
struct RunRoutes {
    let store: SQLiteStore
    let tags: AnswerTags

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/runs") { request, _ -> Response in
            try request.checkQuery(["experiment", "lifecycle"] + ListQuestion.searchItems)
            let list = try ListQuestion(request)
            let (experiment, lifecycle) = (try request.query("experiment"), try request.lifecycle())
            guard let search = try Self.search(list, lifecycle) else {
                return try await tags.response(to: request) {
                    let page = try await store.runs(
                        experiment: experiment, lifecycle: lifecycle, limit: list.limit, cursor: list.cursor)
                    return ["runs": .array(page.runs.map(\.json)), "next": .optional(page.next)]
                }
            }
            return try await list.response(to: request, tags) {
                let found = try await found(search, in: experiment)
                return ["runs": .array(found.things.map(\.json)), "next": try list.next(after: found)]
            }
        }
        router.get("/api/v1/runs/:id") { request, context -> Response in
            let id = try context.runID()
            return try await tags.response(to: request, of: id) { try await store.run(id).json }
        }
        router.delete("/api/v1/runs/:id") { _, context -> Response in
            try await store.deleteRun(context.runID())
            return Response(status: .noContent)
        }
        router.post("/api/v1/runs/:id/restore") { _, context -> Response in
            let id = try context.runID()
            try await store.restoreRun(id)
            return .json(try await store.run(id).json)
        }
    }

    /// Asks for runs of any experiment; `nil` where there is no filter and no order, so that all runs are told by their
    /// index.
    private static func search(
        _ list: ListQuestion, _ lifecycle: Lifecycle
    ) throws(APIError) -> RunQuestion? {
        guard list.isSearch else { return nil }
        return RunQuestion(
            experiments: nil, lifecycle: lifecycle, filter: try list.filter(of: RunSearch.self),
            order: try list.order(of: RunSearch.self), limit: list.limit, offset: try list.offset())
    }

    private func found(
        _ search: RunQuestion, in experiment: String?
    ) async throws(TrackingError) -> Found<Run> {
        var search = search
        if let experiment {
            search.experiments = try await store.experiments(named: experiment, ofRuns: search.lifecycle)
        }
        return try await store.searchRuns(search)
    }
}

extension ServerContext {
    /// The run that the path names.
    func runID() throws(TrackingError) -> RunID {
        let text = parameters.get("id") ?? ""
        guard let id = RunID(text) else {
            throw .runNotFound((PercentEncoding.decode(text) ?? text).shortened())
        }
        return id
    }
}
