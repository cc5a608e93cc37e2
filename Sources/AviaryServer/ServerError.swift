import Glibc
import NIOCore

/// Why the server does not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
    /// Another program listens there.
    case portInUse(host: String, port: Int)
    /// Ports go from 0 to 65,535.
    case invalidPort(Int)
    /// Other machines could reach it, and it asks nobody who they are.
    case beyondLoopback(host: String)
    /// The system does not let it listen there.
    case unusableAddress(host: String, port: Int, detail: String)

    /// What a failed binding means; `nil` if the error is something else.
    init?(_ error: any Error, _ configuration: ServerConfiguration) {
        guard let error = error as? IOError else { return nil }
        let (host, port) = (configuration.host, configuration.port)
        switch error.errnoCode {
        case EADDRINUSE:
            self = .portInUse(host: host, port: port)
        case let code:
            self = .unusableAddress(host: host, port: port, detail: String(cString: strerror(code)))
        }
    }

    /// One sentence: what is wrong, with what, and what to do.
    package var description: String {
        switch self {
        case .portInUse(let host, let port):
            "port \(port) of \(host) is in use by another program; stop it, or choose another with --port "
                + "(0 picks a free one)"
        case .invalidPort(let port):
            "port \(port) does not exist; ports go from 0 (any free one) to 65535"
        case .beyondLoopback(let host):
            "the server has no log-in yet and listens on loopback addresses only, not on '\(host)'; use "
                + "--host 127.0.0.1 and reach it from elsewhere with `ssh -L`"
        case .unusableAddress(let host, let port, let detail):
            "cannot listen on port \(port) of \(host): \(detail)"
        }
    }
}
