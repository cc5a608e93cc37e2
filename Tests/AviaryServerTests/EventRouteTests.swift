import AviaryTracking
import AviaryTrackingStore
import Testing

struct EventRouteTests {
    private func listen(_ server: RunningServer, lastID: Int64? = nil) throws -> Connection {
        let connection = try Connection(port: server.port)
        let last = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        connection.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost:\(server.port)\r\n\(last)\r\n")
        return connection
    }

    @Test func `a change reaches every page within a second, with the run's id`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let connections = [try listen(server), try listen(server)]
            for connection in connections {
                let head = try await connection.read(until: "id: ")
                #expect(head.lowercased().contains("content-type: text/event-stream"))
            }
            let clock = ContinuousClock()
            let start = clock.now
            try await server.log([1], of: run)
            for connection in connections {
                let text = try await connection.read(until: "\"]}\n\n")
                #expect(text.contains("event: changes\ndata: {\"revision\":"))
                #expect(text.contains("\"runs\":[\"\(run)\"]}"))
            }
            #expect(clock.now - start < .seconds(5))  // 200 ms and what a loaded machine adds
        }
    }

    @Test func `whoever comes back is told what was missed`() async throws {
        try await withServer { server in
            let before = try await server.store.changes(since: .max).revision
            let run = try await server.begin()
            let after = try await server.store.changes(since: .max).revision
            let text = try await listen(server, lastID: before).read(until: "\"]}\n\n")
            let data = "{\"revision\":\(after),\"runs\":[\"\(run)\"]}"
            #expect(text.contains("id: \(after)\nevent: changes\ndata: \(data)\n\n"))
        }
    }

    @Test func `open streams do not hold up the end`() async throws {
        let clock = ContinuousClock()
        var start = clock.now
        try await withServer { server in
            let connection = try listen(server)
            _ = try await connection.read(until: "id: ")
            start = clock.now
        }
        #expect(clock.now - start < .seconds(5))
    }
}
