import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

/// Bodies that are refused, or break off.
struct RequestBodyTests {
    @Test func `who sends all before it listens hears why it is refused`() async throws {
        try await withServer { server in
            let large = String(repeating: "x", count: 40 << 20)  // more than both ends of a connection hold
            let start = ContinuousClock.now
            for (path, status) in [
                ("/api/v1/experiments", 413), ("/api/2.0/mlflow/runs/create", 413),
                ("/api/2.0/mlflow/no-such-thing", 404), ("/nowhere", 404),
                ("/ajax-api/2.0/mlflow/upload-artifact?run_uuid=x&path=x", 400),
            ] {
                let answer = try await server.post(path, large)
                #expect(answer.status == status, "\(path)")
            }
            // The server would hang up after a minute.
            #expect(ContinuousClock.now - start < .seconds(50))
        }
    }

    @Test func `a body that breaks off is the client's fault`() async throws {
        try await withServer { server in
            for path in ["/api/v1/experiments", "/api/2.0/mlflow/runs/create"] {
                let connection = try Connection(port: server.port)
                connection.send(
                    "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 20\r\n\r\n{\"name\": ")
                connection.finishSending()
                let answer = try Answer(try await connection.readAll())
                #expect(answer.status == 400, "\(path)")
            }
            #expect(try await server.store.experiments().map(\.experiment.name) == ["Default"])
        }
    }

    @Test func `a connection goes on behind a body that nobody read`() async throws {
        try await withServer { server in
            let connection = try Connection(port: server.port)
            let head = "Host: 127.0.0.1:\(server.port)\r\n"
            await connection.sendLong(
                "POST /nowhere HTTP/1.1\r\n\(head)Content-Length: 1000000\r\n\r\n"
                    + String(repeating: "x", count: 1_000_000)
                    + "GET /health HTTP/1.1\r\n\(head)Connection: close\r\n\r\n")
            let text = String(decoding: try await connection.readAll(), as: UTF8.self)
            #expect(text.contains("404 Not Found") && text.hasSuffix("OK"), "\(text.suffix(200))")
        }
    }
}
