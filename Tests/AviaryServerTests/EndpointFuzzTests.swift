import AviaryFuzzing
import AviaryServer
import AviaryTracking
import Testing

/// Whatever a request says, the answer is JSON and no mistake of the server's, and tells nothing of its inside.
struct EndpointFuzzTests {
    /// `@run` stands for the id of a run.
    private static let requests = [
        "POST experiments/create {\"name\":\"e\",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}",
        "POST experiments/search {\"filter\":\"name LIKE '%x' OR tags.a = 'b'\",\"order_by\":[\"name DESC\"],\"max_results\":5}",
        "POST runs/create {\"experiment_id\":\"0\",\"start_time\":5,\"run_name\":\"n\",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}",
        "POST runs/update {\"run_id\":\"@run\",\"status\":\"RUNNING\",\"end_time\":7}",
        "POST runs/log-metric {\"run_id\":\"@run\",\"key\":\"loss\",\"value\":0.5,\"timestamp\":1,\"step\":2}",
        "POST runs/log-parameter {\"run_id\":\"@run\",\"key\":\"p\",\"value\":\"v\"}",
        "POST runs/set-tag {\"run_id\":\"@run\",\"key\":\"t\",\"value\":\"v\"}",
        "POST runs/log-batch {\"run_id\":\"@run\",\"metrics\":[{\"key\":\"m\",\"value\":\"NaN\",\"timestamp\":1,\"step\":0}],"
            + "\"params\":[{\"key\":\"q\",\"value\":\"1\"}],\"tags\":[]}",
        "POST runs/log-inputs {\"run_id\":\"@run\",\"datasets\":[{\"dataset\":{\"name\":\"d\",\"digest\":\"1\","
            + "\"source_type\":\"l\",\"source\":\"s\"},\"tags\":[{\"key\":\"mlflow.data.context\",\"value\":\"train\"}]}]}",
        "POST runs/search {\"experiment_ids\":[\"0\"],\"filter\":\"metrics.loss < 1 and params.p = 'v'\","
            + "\"order_by\":[\"metrics.loss\",\"start_time DESC\"],\"max_results\":9}",
        "POST registered-models/create {\"name\":\"m\",\"description\":\"d\"}",
        "POST model-versions/create {\"name\":\"m\",\"source\":\"s3://x\",\"run_id\":\"@run\"}",
        "POST logged-models/search {\"experiment_ids\":[\"0\"],\"filter\":\"metrics.loss > 1 AND name = 'x'\"}",
        "GET metrics/get-history?run_id=@run&metric_key=loss&max_results=9",
        "GET registered-models/search?filter=name%20LIKE%20%27m%25%27&max_results=9",
        "GET model-versions/search?filter=name%3D%27m%27&order_by=name",
        "GET runs/get?run_id=@run",
    ]
    private static let mutation = Mutation(pieces: [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "\"\"", "-1", "1e999",
        "99999999999999999999", "\\u0000",
        "'", "%27", "%00", "%FF", "&", "=", "../", "';--", "DROP TABLE", "\u{0}", "é", "😀", "[[[[", "NOT (",
        " OR ", "0x1",
    ])
    /// What no answer shows: SQL, and where the store is.
    private static let secrets = [
        "SELECT ", "INSERT ", "FROM run", "SQLite", "sqlite", "/tmp/", "aviary.db", ".swift",
    ]

    @Test func `every request is answered or refused`() async throws {
        try await withServer { server in
            let run = try await server.begin(in: "fuzz").description
            for seed in Fuzzing.seeds(400, from: 1) {
                var random = SeededRandom(seed)
                let request = random.one(of: Self.requests).replacing("@run", with: run)
                let place = request.dropFirst(5).firstIndex { $0 == " " || $0 == "?" } ?? request.endIndex
                let rest = Self.mutation.mutated(Array(request[place...].utf8), &random)
                try await Self.check(seed, Array(request[..<place].utf8) + rest, server)
            }
        }
    }

    private static func check(_ seed: UInt64, _ line: [UInt8], _ server: RunningServer) async throws {
        let request = self.request(line, port: server.port)
        let connection = try Connection(port: server.port)
        connection.send(request)
        let answer = try Answer(try await connection.readAll())
        let said =
            "seed \(seed): \(String(decoding: line, as: UTF8.self).debugDescription): \(answer.status) \(answer.text)"
        #expect((200..<500).contains(answer.status), "\(said)")
        #expect(secrets.allSatisfy { !answer.text.contains($0) || line.contains(Array($0.utf8)) }, "\(said)")
        if answer.headers["content-type"]?.hasPrefix("application/json") == true {
            #expect(throws: Never.self, "\(said)") { try JSONValue(answer) }
        }
    }

    /// As `POST path body` or `GET path?query`.
    private static func request(_ line: [UInt8], port: Int) -> [UInt8] {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        let isPost = parts[0].elementsEqual("POST".utf8)
        // An address is one word without what would end the line.
        let address =
            isPost ? Array(parts[1]) : Array(line.dropFirst(4).filter { $0 > 0x20 && $0 < 0x7F })
        let body = isPost && parts.count > 2 ? Array(parts[2]) : []
        let head = """
             HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.count)\r\n\r\n
            """
        return Array(parts[0]) + Array(" /api/2.0/mlflow/".utf8) + address + Array(head.utf8) + body
    }
}
