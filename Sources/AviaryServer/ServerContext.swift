import Hummingbird
import NIOCore

/// What a route knows beside its request.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The port the connection came in by.
    let port: Int?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        port = source.channel.localAddress?.port
    }
}
