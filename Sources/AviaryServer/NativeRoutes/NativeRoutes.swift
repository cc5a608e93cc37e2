package import AviaryCatalogue
package import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// The server's own interface: for the dashboard, the command line, and whoever reads `web/api/openapi.json`.
package struct NativeRoutes: Sendable {
    private static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete]

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
        for (path, methods) in known { refuse(at: path, allBut: methods, router) }
    }

    /// Method and path of each, as `GET /api/v1/runs/{id}`.
    package var operations: [String] {
        known.flatMap { path, methods in
            methods.map { "\($0.rawValue) \(Self.template(path))" }
        }
    }

    /// A path that there is, and another method than it takes: 405, with the ones it does.
    private func refuse(
        at path: RouterPath, allBut known: Set<HTTPRequest.Method>, _ router: Router<ServerContext>
    ) {
    }
}
