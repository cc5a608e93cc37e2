package import AviaryTrackingStore
import Hummingbird

/// MLflow's REST protocol, for clients that log and ask with it.
package struct MLflowRoutes: Sendable {
    private let store: SQLiteStore

    package init(store: SQLiteStore) {
        self.store = store
    }

    package var endpoints: [MLflowEndpoint] {
        [.serverInfo] + ExperimentEndpoints(store: store).all + RunEndpoints(store: store).all
            + LoggingEndpoints(store: store).all + LinkEndpoints(store: store).all
            + MetricEndpoints(store: store).all + ArtifactEndpoints(store: store).all
            + ArtifactPageEndpoints(store: store).all + PartEndpoints(store: store).all
            + RegisteredModelEndpoints(store: store).all
            + ModelVersionEndpoints(store: store).all + LoggedModelEndpoints(store: store).all
    }

    func add(to router: Router<ServerContext>) {
        for endpoint in endpoints { endpoint.add(to: router) }
    }
}
