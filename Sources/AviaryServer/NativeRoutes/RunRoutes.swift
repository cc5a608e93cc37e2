import AviaryTracking
import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

struct RunRoutes {
    private static let pageLimit = 1000
    private static let usualPage = 100

    let store: SQLiteStore

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/runs") { request, _ -> Response in
            let page = try await store.runs(
                experiment: try request.query("experiment"), limit: try Self.limit(request),
                cursor: try request.query("cursor"))
            return .json(["runs": .array(page.runs.map { $0.json }), "next": .optional(page.next)])
        }
        router.get("/api/v1/runs/:id") { _, context -> Response in
            .json(try await store.run(context.runID()).json)
        }
    }

    private static func limit(_ request: Request) throws -> Int {
        guard let text = try request.query("limit") else { return usualPage }
        guard let limit = Int(text), (1...pageLimit).contains(limit) else {
            throw APIError(.invalid, "limit: '\(text)' is not a number within 1 to \(pageLimit)")
        }
        return limit
    }
}

extension ServerContext {
    /// The run that the path names.
    func runID() throws(TrackingError) -> RunID {
        let text = parameters.get("id") ?? ""
        guard let id = RunID(text) else { throw .runNotFound(PercentEncoding.decode(text) ?? text) }
        return id
    }
}
