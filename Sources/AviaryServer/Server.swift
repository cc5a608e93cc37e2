package import AviaryCatalogue
package import AviaryTrackingStore
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Serves the dashboard, the native API, MLflow's protocol and the zoo until it is cancelled or signalled.
///
/// - Parameters:
///   - configuration: Where and for whom it listens.
///   - store: What is shown; the caller closes it afterwards.
///   - catalogue: The models that are offered.
///   - weights: Where their weights are.
///   - version: The program's version.
///   - onListening: Called once with the port, after which requests are answered.
/// - Throws: `ServerError` if it does not start.
package func serve(
    _ configuration: ServerConfiguration, store: SQLiteStore, catalogue: Catalogue, weights: WeightFiles,
    version: String, onListening: @escaping @Sendable (Int) async -> Void
) async throws {
    try await Server(
        configuration: configuration, store: store, catalogue: catalogue, weights: weights, version: version
    ).run(onListening: onListening)
}

/// The HTTP server of one store.
struct Server {
    let configuration: ServerConfiguration
    let store: SQLiteStore
    let catalogue: Catalogue
    let weights: WeightFiles
    let version: String

    func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        try configuration.check()
        var logger = Logger(label: "aviary.server")
        logger.logLevel = .warning
        let feed = ChangeFeed(store: store, logger: logger)
        let application = Application(
            router: routes(feed: feed),
            server: .http1(configuration: Self.connections),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.bindHost, port: configuration.port), serverName: "aviary",
                availableConnectionsDelegate: MaximumAvailableConnections(1024, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        // Stopped from the last to the first: the feed ends its clients' streams, which the server waits for.
        var services: [any Service] = [application, feed]
        if let retention = configuration.trashRetention {
            services.append(TrashCollector(store: store, retention: retention, logger: logger))
        }
        var group = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: configuration.stopsOnSignals ? [.sigterm, .sigint] : [], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(5)  // a slow download does not hold up the end
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            if let known = ServerError(error, configuration) { throw known }
            throw error
        }
    }

    /// All that is answered, behind the checks that hold everywhere.
    private func routes(feed: ChangeFeed) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: [.autoGenerateHeadEndpoints])
        // Before the routes: a middleware is only in front of what is added after it.
        router.add(middleware: UnreadBodies())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: ErrorMiddleware())
        router.add(middleware: HostCheck(hosts: AllowedHosts(configuration)))
        NativeRoutes(
            store: store, feed: feed, catalogue: catalogue, weights: weights, version: version
        ).add(to: router)
        MLflowRoutes(store: store).add(to: router)
        PageRoutes(files: WebFiles.embedded).add(to: router)
        return router
    }

    /// The longest filter fits an address, each of its bytes as `%41`.
    ///
    /// A head that is never finished falls under the idle time too.
    private static var connections: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .seconds(60),
            httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                maxHeaderFieldSize: 64 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 100))
    }
}
