/// The names by which clients may call the server.
package struct AllowedHosts: Sendable {
    /// Names that go with the port the server listens on.
    private let own: Set<String>
    private let extra: [Authority]

    package init(_ configuration: ServerConfiguration) {
        let host = configuration.host.lowercased()
        own = ["localhost", "127.0.0.1", "[::1]", host.contains(":") ? "[\(host)]" : host]
        extra = configuration.allowedHosts.compactMap { Authority($0) }
    }

    /// Whether a Host field is one of the names; `port` is the one the server listens on.
    package func contain(_ text: String, port: Int?) -> Bool {
        guard let authority = Authority(text) else { return false }
        if own.contains(authority.name) { return (authority.port ?? 80) == port }
        return extra.contains { known in
            guard known.name == authority.name else { return false }
            return known.port == authority.port || (known.port == nil && authority.port == port)
        }
    }

    /// Whether an Origin field names a page of this server.
    package func containOrigin(_ text: String, port: Int?) -> Bool {
        for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
            return contain(String(text.dropFirst(scheme.count)), port: port)
        }
        return false
    }

    /// A name and perhaps a port, as `[::1]:5000`.
    private struct Authority: Sendable {
        let name: String
        let port: Int?

        init?(_ text: String) {
            let text = text.lowercased()
            let end: String.Index
            if text.hasPrefix("[") {
                guard let bracket = text.firstIndex(of: "]") else { return nil }
                end = text.index(after: bracket)
            } else {
                end = text.firstIndex(of: ":") ?? text.endIndex
            }
            name = String(text[..<end])
            let rest = text[end...]
            guard !name.isEmpty else { return nil }
            if rest.isEmpty {
                port = nil
                return
            }
            let digits = rest.dropFirst()
            guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (48...57).contains($0) }),
                let number = UInt16(digits)
            else { return nil }
            port = Int(number)
        }
    }
}
