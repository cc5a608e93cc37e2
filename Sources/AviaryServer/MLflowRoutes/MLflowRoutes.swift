import Hummingbird

/// MLflow's REST protocol, for clients that log and ask with it.
package struct MLflowRoutes: Sendable {
    package init() {}

    package var endpoints: [MLflowEndpoint] { [.serverInfo] }

    func add(to router: Router<ServerContext>) {
        for endpoint in endpoints { endpoint.add(to: router) }
    }
}
