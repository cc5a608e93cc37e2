/// Where and for whom the server listens.
package struct ServerConfiguration: Sendable, Equatable {
    /// A loopback address or `localhost`.
    package var host: String
    /// 0 picks a free one.
    package var port: Int
    /// Further names by which clients may call it, as `aviary.example.org` behind a proxy; with a port or without.
    package var allowedHosts: [String]
    /// Whether SIGINT and SIGTERM end it in good order.
    package var stopsOnSignals: Bool
    /// How long what is in the trash can be restored, before it is freed; `nil` for ever.
    package var trashRetention: Duration?

    package init(
        host: String = "127.0.0.1", port: Int = 5000, allowedHosts: [String] = [],
        stopsOnSignals: Bool = true, trashRetention: Duration? = nil
    ) {
        self.host = host
        self.port = port
        self.allowedHosts = allowedHosts
        self.stopsOnSignals = stopsOnSignals
        self.trashRetention = trashRetention
    }

    /// The address to bind; `localhost` may resolve to ::1 alone, where nobody looks for it.
    var bindHost: String { host.lowercased() == "localhost" ? "127.0.0.1" : host }

    var isLoopback: Bool {
        let parts = bindHost.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return bindHost == "::1" || (parts.count == 4 && parts[0] == 127 && !parts.contains(nil))
    }

    /// Refuses a port that does not exist and an address beyond this machine; `serve` does so too.
    package func check() throws(ServerError) {
        guard (0...65_535).contains(port) else { throw .invalidPort(port) }
        guard isLoopback else { throw .beyondLoopback(host: host) }
    }
}
