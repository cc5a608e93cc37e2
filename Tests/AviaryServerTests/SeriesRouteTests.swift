import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct SeriesRouteTests {
    @Test func `series come in buckets`() async throws {
        try await withServer { server in
            let id = try await server.begin()
            try await server.log([1, 0.5, .nan, 0.25], of: id)
            let question = """
                {"runs":["\(id)"],"keys":["loss","none"],"x":"step","buckets":2}
                """
            let answer = try await server.post("/api/v1/series", question)
            #expect(answer.status == 200)
            #expect(
                answer.text == """
                    {"series":[{"run":"\(id)","key":"loss","width":2,"buckets":[\
                    {"x":0,"count":2,"nan":0,"first":1.0,"last":0.5,"min":0.5,"max":1.0,"mean":0.75},\
                    {"x":2,"count":2,"nan":1,"first":"NaN","last":0.25,"min":0.25,"max":0.25,"mean":0.25}]}]}
                    """)
        }
    }

    @Test func `an answer of several pieces is whole`() async throws {
        try await withServer { server in
            let id = try await server.begin()
            let keys = (0..<20).map { "key\($0)" }
            for key in keys { try await server.log((0..<200).map { Double($0) / 7 }, to: key, of: id) }
            let list = keys.map { "\"\($0)\"" }.joined(separator: ",")
            let answer = try await server.post(
                "/api/v1/series", "{\"runs\":[\"\(id)\"],\"keys\":[\(list)],\"from\":null,\"to\":99}")
            let json = try JSONReader.read(answer.body)
            guard case .array(let series) = json["series"] else {
                Issue.record("no series in \(answer.text.prefix(200))")
                return
            }
            #expect(series.count == 20)
            for element in series {
                guard case .array(let buckets) = element["buckets"] else { continue }
                #expect(buckets.count == 100)
            }
        }
    }

    @Test(
        arguments: [
            ("[]", "the body: should be an object"),
            ("{\"zoom\":1}", "zoom: is unknown; known: runs, keys, x, from, to, buckets"),
            ("{\"keys\":[]}", "runs: should be a list of texts"),
            ("{\"runs\":[\"x\"],\"keys\":[]}", "runs: 'x' is not 32 lower-case hexadecimal digits"),
            ("{\"runs\":[],\"keys\":[1]}", "keys: should be a list of texts"),
            ("{\"runs\":[],\"keys\":[],\"x\":\"epoch\"}", "x: takes step, time, relative"),
            ("{\"runs\":[],\"keys\":[],\"x\":null}", "x: takes step, time, relative"),
            ("{\"runs\":[],\"keys\":[],\"from\":1.5}", "from: should be an integer"),
            ("{\"runs\":[],\"keys\":[],\"buckets\":0}", "buckets: 0 is not within 1 to 10000"),
            ("{\"runs\":[],", "the body is no JSON: a key in quotes expected at byte 11"),
        ])
    func `a question that does not fit is refused with its field`(
        body: String, message: String
    ) async throws {
        try await withServer { server in
            let answer = try await server.post("/api/v1/series", body)
            #expect(answer.status == 400)
            #expect(answer.text == "{\"error\":{\"code\":\"invalid\",\"message\":\"\(message)\"}}")
        }
    }

    @Test func `what is long comes back cut`() async throws {
        try await withServer { server in
            let long = String(repeating: "x", count: 100_000)
            let cut = String(repeating: "x", count: 1000) + "…"
            for (question, message) in [
                (
                    "{\"runs\":[\"\(long)\"],\"keys\":[]}",
                    "runs: '\(cut)' is not 32 lower-case hexadecimal digits"
                ),
                ("{\"\(long)\":1}", "\(cut): is unknown; known: runs, keys, x, from, to, buckets"),
            ] {
                let answer = try await server.post("/api/v1/series", question)
                #expect(answer.status == 400)
                #expect(try JSONValue(answer)["error"]?["message"]?.text == message)
            }
        }
    }

    @Test func `too many series or buckets are refused before anything is read`() async throws {
        try await withServer { server in
            let run = RunID.random().description
            let few = Array(repeating: "\"\(run)\"", count: 101).joined(separator: ",")
            let keys = Array(repeating: "\"k\"", count: 10).joined(separator: ",")
            let many = try await server.post("/api/v1/series", "{\"runs\":[\(few)],\"keys\":[\(keys)]}")
            #expect(many.status == 400)
            #expect(many.text.contains("times keys is more than 1000 series"))
            let wide = try await server.post(
                "/api/v1/series", "{\"runs\":[\(few)],\"keys\":[\"k\"],\"buckets\":10000}")
            #expect(wide.status == 400)
            #expect(wide.text.contains("times series is more than 1000000"))
        }
    }

    @Test func `only JSON is taken, and not too much of it`() async throws {
        try await withServer { server in
            let plain = try await server.ask("/api/v1/series", method: "POST", body: "{}")
            #expect(plain.status == 415)
            let large = try await server.ask(
                raw: """
                    POST /api/v1/series HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\
                    Content-Type: application/json; charset=utf-8\r\nContent-Length: 9000000\r\n\r\n
                    """)
            #expect(large.status == 413)
        }
    }
}
