package import AviaryCatalogue
package import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// The server's own interface: for the dashboard, the command line, and whoever reads `web/api/openapi.json`.
package struct NativeRoutes: Sendable {
    /// The methods that HTTP has, but for those that belong to connections.
    private static let all = Set(
        ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"].compactMap {
            HTTPRequest.Method($0)
        })

    let store: SQLiteStore
    let feed: ChangeFeed
    let catalogue: Catalogue
    let weights: WeightFiles
    let version: String

    init(store: SQLiteStore, feed: ChangeFeed, catalogue: Catalogue, weights: WeightFiles, version: String) {
        (self.store, self.feed, self.version) = (store, feed, version)
        (self.catalogue, self.weights) = (catalogue, weights)
    }

    /// The same without a server, to be compared with its description.
    package init(store: SQLiteStore, catalogue: Catalogue, weights: WeightFiles) {
        let feed = ChangeFeed(store: store, logger: Logger(label: "aviary.server"))
        self.init(store: store, feed: feed, catalogue: catalogue, weights: weights, version: "")
    }

    func add(to router: Router<ServerContext>) {
        addAll(to: router)
        for (path, known) in methods {
            refuse(Self.all.subtracting(known), at: RouterPath(path), taking: known, router)
        }
    }

    /// Method and path of each, as `GET /api/v1/runs/{id}`.
    package var operations: [String] {
        methods.flatMap { path, methods in methods.map { "\($0.rawValue) \(Self.template(of: path))" } }
            .sorted()
    }

    /// A path as OpenAPI writes it; `**`, which is the rest of a path, is one of its parts too.
    private static func template(of path: String) -> String {
        path.split(separator: "/").map { part in
            if part == "**" { return "/{path}" }
            return part.first == ":" ? "/{\(part.dropFirst())}" : "/\(part)"
        }.joined()
    }

    private func addAll(to router: Router<ServerContext>) {
        let tags = AnswerTags(store)
        HealthRoute().add(to: router)
        VersionRoute(version: version).add(to: router)
        DescriptionRoute(files: WebFiles.embedded).add(to: router)
        ExperimentRoutes(store: store, tags: tags).add(to: router)
        RunRoutes(store: store, tags: tags).add(to: router)
        SeriesRoute(store: store).add(to: router)
        ArtifactRoutes(store: store, tags: tags).add(to: router)
        EventRoute(store: store, feed: feed).add(to: router)
        RegistryRoutes(store: store, tags: tags).add(to: router)
        LoggedModelRoutes(store: store, tags: tags).add(to: router)
        ModelRoutes(catalogue: catalogue).add(to: router)
        ZooRoutes(catalogue: catalogue, weights: weights).add(to: router)
    }

    /// The methods that each path takes; HEAD goes where GET does.
    private var methods: [String: Set<HTTPRequest.Method>] {
        let router = Router(context: ServerContext.self)
        addAll(to: router)
        return router.routes.reduce(into: [:]) { $0[$1.path.description, default: []].insert($1.method) }
    }

    /// Says of a path that there is which methods it takes.
    private func refuse(
        _ others: Set<HTTPRequest.Method>, at path: RouterPath, taking known: Set<HTTPRequest.Method>,
        _ router: Router<ServerContext>
    ) {
        let allowed = (known.contains(.get) ? known.union([.head]) : known).map(\.rawValue).sorted()
            .joined(separator: ", ")
        for method in others {
            router.on(path, method: method) { _, _ -> Response in
                let error = APIError(
                    .invalid, "\(method.rawValue) is nothing that this address takes; it takes \(allowed)",
                    status: .methodNotAllowed)
                var response = Response.json(error.json, status: error.status)
                response.headers[.allow] = allowed
                return response
            }
        }
    }
}
