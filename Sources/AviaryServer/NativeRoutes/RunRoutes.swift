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
            let question = try ListQuestion(request)
            let (experiment, lifecycle) = (try request.query("experiment"), try request.lifecycle())
            let search = try Self.search(question, lifecycle)
            let answer = {
                if let search { return try await found(search, question, in: experiment) }
                let page = try await store.runs(
                    experiment: experiment, lifecycle: lifecycle, limit: question.limit,
                    cursor: question.cursor)
                return ["runs": .array(page.runs.map { $0.json }), "next": .optional(page.next)] as JSONValue
            }
            // What is two hours ago is another moment each time, which no tag says.
            guard !question.asksForNow else { return .json(try await answer()) }
            return try await tags.response(to: request, answer)
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

    /// Asks for runs of no experiment yet; `nil` where there is no filter and no order, so that all runs are told by
    /// their index.
    private static func search(_ question: ListQuestion, _ lifecycle: Lifecycle) throws -> RunQuestion? {
        guard question.filter != nil || !question.order.isEmpty else { return nil }
        let now = Timestamp.now.milliseconds
        let filter = try question.filter { text throws(SearchError) in
            try RunSearch.filter(text, dialect: .native, now: now)
        }
        let order = try question.order { clauses throws(SearchError) in
            try RunSearch.order(clauses, dialect: .native)
        }
        return RunQuestion(
            experiments: [], lifecycle: lifecycle, filter: filter, order: order, limit: question.limit,
            offset: try question.offset())
    }

    private func found(
        _ search: RunQuestion, _ question: ListQuestion, in experiment: String?
    ) async throws -> JSONValue {
        var search = search
        search.experiments = try await experiments(named: experiment)
        let found = try await store.searchRuns(search)
        return ["runs": .array(found.things.map(\.json)), "next": try question.next(after: found)]
    }

    /// The experiments in which to look; all of them if none is named.
    private func experiments(named name: String?) async throws -> [Int64] {
        guard let name else { return try await store.experiments(.any).map(\.experiment.id) }
        guard let found = try await store.findExperiment(named: name) else {
            throw TrackingError.experimentNotFound(name)
        }
        return [found.id]
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
