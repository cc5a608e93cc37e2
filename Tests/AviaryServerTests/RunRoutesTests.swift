import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RunRoutesTests {
    @Test func `health is OK`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/health")
            #expect(answer.status == 200)
            #expect(answer.text == "OK")
        }
    }

    @Test func `a run is written with all it has`() async throws {
        try await withServer { server in
            let id = try await server.begin("first", params: ["lr": "0.1", "a": "\"q\"\n"], tags: ["b": "2"])
            try await server.log([0.5, 0.25, .nan], to: "train/loss", of: id)
            try await server.log([.infinity], to: "grad", of: id)
            try await server.store.end(id, .finished, at: Timestamp(milliseconds: 1_060_000))
            let json = """
                {"id":"\(id)","name":"first","experiment":"tests","status":"FINISHED","stale":false,"deleted":false,\
                "startTime":"1970-01-01T00:16:40.000Z","endTime":"1970-01-01T00:17:40.000Z",\
                "params":{"a":"\\"q\\"\\n","lr":"0.1"},"tags":{"b":"2"},"metrics":{\
                "grad":{"last":"Infinity","step":0,"min":null,"max":null},\
                "train/loss":{"last":"NaN","step":2,"min":0.25,"max":0.5}}}
                """
            let answer = try await server.ask("/api/v1/runs/\(id)")
            #expect(answer.text == json)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            let list = try await server.ask("/api/v1/runs?experiment=&limit=&cursor=")
            #expect(list.text == "{\"runs\":[\(json)],\"next\":null}")
        }
    }

    @Test func `pages follow each other, the newest first`() async throws {
        try await withServer { server in
            var ids: [RunID] = []
            for index in 0..<3 {
                ids.append(try await server.begin("r\(index)", in: "a b&c", at: 1_000_000 + Int64(index)))
            }
            _ = try await server.begin("other")
            var seen: [String] = []
            var address = "/api/v1/runs?experiment=a+b%26c&limit=2"
            for _ in 0..<2 {
                let answer = try await server.ask(address)
                seen += ids.map(\.description).filter { answer.text.contains($0) }.reversed()
                let next = answer.text.split(separator: "\"next\":").last?.dropLast() ?? ""
                let cursor = PercentEncoding.encode(String(next.filter { $0 != "\"" }))
                address = "/api/v1/runs?experiment=a%20b%26c&limit=2&cursor=\(cursor)"
            }
            #expect(seen == ids.reversed().map(\.description))
        }
    }

    @Test func `experiments have their number of runs`() async throws {
        try await withServer { server in
            _ = try await server.begin(in: "vision")
            _ = try await server.begin(in: "vision")
            let answer = try await server.ask("/api/v1/experiments")
            let vision = """
                "name":"vision","createdAt":"1970-01-01T00:16:40.000Z","updatedAt":"1970-01-01T00:16:40.000Z",\
                "deleted":false,"tags":{},"runCount":2}
                """
            #expect(answer.text.contains(vision))
            #expect(answer.text.hasSuffix("],\"next\":null}"))
        }
    }

    @Test(
        arguments: [
            (
                "/api/v1/runs/00000000000000000000000000000000", 404, "not_found",
                "no run has the id '00000000000000000000000000000000'; `aviary runs list` shows those there are"
            ),
            (
                "/api/v1/runs/abc%20d", 404, "not_found",
                "no run has the id 'abc d'; `aviary runs list` shows those there are"
            ),
            ("/api/v1/runs?limit=0", 400, "invalid", "limit: '0' is not a number within 1 to 1000"),
            ("/api/v1/runs?limit=1001", 400, "invalid", "limit: '1001' is not a number within 1 to 1000"),
            ("/api/v1/runs?limit=x", 400, "invalid", "limit: 'x' is not a number within 1 to 1000"),
            ("/api/v1/runs?limit=%2B5", 400, "invalid", "limit: '+5' is not a number within 1 to 1000"),
            ("/api/v1/runs?experiment=%ZZ", 400, "invalid", "experiment: its percent encoding is broken"),
            ("/api/v1/nothing", 404, "not_found", "there is nothing here"),
        ])
    func `what cannot be answered is said in JSON`(
        path: String, status: Int, code: String, message: String
    ) async throws {
        try await withServer { server in
            let answer = try await server.ask(path)
            #expect(answer.status == status)
            #expect(answer.text == "{\"error\":{\"code\":\"\(code)\",\"message\":\"\(message)\"}}")
        }
    }

    @Test func `HEAD has the length and no body`() async throws {
        try await withServer { server in
            let answer = try await server.ask("/health", method: "HEAD")
            #expect(answer.status == 200)
            #expect(answer.headers["content-length"] == "2")
            #expect(answer.body == [])
            #expect(try await server.ask("/api/v1/nothing", method: "HEAD").body == [])
        }
    }
}
