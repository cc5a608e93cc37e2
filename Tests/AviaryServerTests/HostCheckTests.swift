import AviaryServer
import Testing

struct HostCheckTests {
    @Test(
        arguments: [
            ("127.0.0.1:PORT", 200), ("localhost:PORT", 200), ("LOCALHOST:PORT", 200), ("[::1]:PORT", 200),
            ("aviary.example.org", 200), ("aviary.example.org:PORT", 200), ("proxy.example.org:8443", 200),
            ("proxy.example.org", 403), ("127.0.0.1", 403), ("127.0.0.1:1", 403), ("example.org:PORT", 403),
            ("localhost.example.org:PORT", 403), ("[::1", 403), ("localhost:PORTx", 403),
        ])
    func `only its own names are answered`(host: String, status: Int) async throws {
        let allowed = ["aviary.example.org", "proxy.example.org:8443"]
        try await withServer(allowedHosts: allowed) { server in
            let host = host.split(separator: "PORT", omittingEmptySubsequences: false)
                .joined(separator: "\(server.port)")
            let (known, unknown) = try await (
                server.ask("/health", host: host), server.ask("/api/v1/nothing", host: host)
            )
            #expect(known.status == status)
            #expect(unknown.status == (status == 200 ? 404 : 403))
        }
    }

    @Test(
        arguments: [
            "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: localhost:PORT\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
        ])
    func `a request without exactly one name is refused`(request: String) async throws {
        try await withServer { server in
            let request = request.split(separator: "PORT", omittingEmptySubsequences: false)
                .joined(separator: "\(server.port)")
            let answer = try await server.ask(raw: request)
            #expect(answer.status == 400)
        }
    }

    @Test func `an address as the target does not stand in for the Host field`() async throws {
        try await withServer { server in
            let answer = try await server.ask(
                "http://localhost:\(server.port)/health", host: "example.org:\(server.port)")
            #expect(answer.status == 403)
        }
    }

    @Test(
        arguments: [
            ("POST", ["Origin: http://localhost:PORT"], 400),
            ("POST", ["Origin: http://evil.example"], 403),
            ("POST", ["Origin: null"], 403),
            ("POST", ["Sec-Fetch-Site: same-origin"], 400),
            ("GET", ["Origin: http://evil.example"], 404),
            ("GET", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"], 403),
            ("GET", ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"], 404),
        ])
    func `scripts of other sites are refused`(method: String, fields: [String], status: Int) async throws {
        try await withServer { server in
            let fields = fields.map { field in
                field.split(separator: "PORT", omittingEmptySubsequences: false)
                    .joined(separator: "\(server.port)")
            }
            let answer = try await server.ask(
                method == "GET" ? "/api/v1/runs/x" : "/api/v1/series", method: method,
                headers: fields + ["Content-Type: application/json"], body: method == "GET" ? nil : "[]")
            #expect(answer.status == status)
        }
    }

    @Test(arguments: ["/health", "/api/v1/runs", "/api/v1/nothing", "/"])
    func `every answer has the headers that protect a browser`(path: String) async throws {
        try await withServer { server in
            let headers = try await server.ask(path).headers
            #expect(headers["x-content-type-options"] == "nosniff")
            #expect(headers["referrer-policy"] == "no-referrer")
            #expect(headers["cross-origin-resource-policy"] == "same-origin")
            #expect(
                headers["content-security-policy"] == """
                    default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; \
                    frame-ancestors 'self'
                    """)
        }
    }
}

struct StartingTests {
    @Test func `a port in use is said to be so`() async throws {
        try await withServer { server in
            let taken = ServerConfiguration(port: server.port, stopsOnSignals: false)
            let (catalogue, weights) = try emptyZoo(server.folder)
            await #expect(throws: ServerError.portInUse(host: "127.0.0.1", port: server.port)) {
                try await serve(
                    taken, store: server.store, catalogue: catalogue, weights: weights, version: "0.1.2"
                ) { _ in }
            }
            #expect(
                ServerError.portInUse(host: "127.0.0.1", port: 5000).description == """
                    port 5000 of 127.0.0.1 is in use by another program; stop it, or choose another with --port \
                    (0 picks a free one)
                    """)
        }
    }

    @Test(
        arguments: [
            (ServerConfiguration(host: "0.0.0.0"), ServerError.beyondLoopback(host: "0.0.0.0")),
            (ServerConfiguration(host: "127.0.0.1.org"), .beyondLoopback(host: "127.0.0.1.org")),
            (ServerConfiguration(port: 65_536), .invalidPort(65_536)),
            (ServerConfiguration(port: -1), .invalidPort(-1)),
        ] as [(ServerConfiguration, ServerError)])
    func `what it may not listen on is refused`(
        configuration: ServerConfiguration, error: ServerError
    ) async throws {
        try await withServer { server in
            let (catalogue, weights) = try emptyZoo(server.folder)
            await #expect(throws: error) {
                try await serve(
                    configuration, store: server.store, catalogue: catalogue, weights: weights,
                    version: "0.1.2"
                ) { _ in }
            }
        }
    }
}
