import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct MetricEndpointsTests {
    private static let history = "GET metrics/get-history"
    private static let bulk = "GET metrics/get-history-bulk"
    private static let interval = "GET metrics/get-history-bulk-interval"
    private static let reference = "See the API docs for more information about request parameters."

    @Test func `a history is in the order of time`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await server.store.log(
                run,
                points: [(2.0, 1, 9), (.nan, 5, 3), (.infinity, 0, 9), (1.5, 1, 9)].map { value, step, time in
                    MetricPoint(
                        key: "a b/c", value: value, step: step, timestamp: Timestamp(milliseconds: time))
                }, params: [:], tags: [:])
            try await server.check(
                [
                    .ok(
                        Self.history + "?run_uuid=@run&metric_key=a+b%2Fc", "",
                        """
                        {"metrics":[{"key":"a b/c","value":"NaN","timestamp":3,"step":5},\
                        {"key":"a b/c","value":1.7976931348623157e+308,"timestamp":9,"step":0},\
                        {"key":"a b/c","value":1.5,"timestamp":9,"step":1},\
                        {"key":"a b/c","value":2.0,"timestamp":9,"step":1}]}
                        """)
                ], run: run.description)
        }
    }

    @Test(arguments: [1, 3, 10, 11])
    func `pages follow each other`(size: Int) async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await server.log((0..<10).map { Double($0) }, of: run)
            var token = ""
            var values: [JSONValue] = []
            var count = 0
            repeat {
                let page = try JSONValue(
                    try await server.mlflow(
                        "\(Self.history)?run_id=\(run)&metric_key=loss&max_results=\(size)&page_token="
                            + PercentEncoding.encode(token)))
                values += page["metrics"]?.elements.compactMap { $0["value"] } ?? []
                token = page["next_page_token"]?.text ?? ""
                count += 1
            } while !token.isEmpty
            #expect(values == (0..<10).map { .number(Double($0)) })
            #expect(count == (10 + size - 1) / size)
        }
    }

    @Test func `a history longer than the store's pages comes whole`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let count = SQLiteStore.historyPageLimit + 10
            for start in stride(from: 0, to: count, by: 1000) {
                let points = (start..<min(start + 1000, count)).map {
                    MetricPoint(
                        key: "m", value: Double($0), step: Int64($0),
                        timestamp: Timestamp(milliseconds: Int64($0)))
                }
                try await server.store.log(run, points: points, params: [:], tags: [:])
            }
            for limit in ["", "&max_results=\(count)", "&max_results=9223372036854775807"] {
                let all = try JSONValue(
                    try await server.mlflow("\(Self.history)?run_id=\(run)&metric_key=m\(limit)"))
                #expect(all["metrics"]?.elements.count == count)
                #expect(all["metrics"]?.elements.last?["step"] == .integer(Int64(count - 1)))
                #expect(all["next_page_token"] == nil)
            }
            let most = try JSONValue(
                try await server.mlflow("\(Self.history)?run_id=\(run)&metric_key=m&max_results=\(count - 1)")
            )
            #expect(most["metrics"]?.elements.count == count - 1)
            #expect(most["next_page_token"] != nil)
        }
    }

    @Test func `a history that cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let positive = "for parameter 'max_results' supplied. It must be a positive integer."
            let asked = Self.history + "?run_id=@run&metric_key=m"
            try await server.check(
                [
                    .ok(asked), .ok(Self.history + "?run_id=nobody&metric_key=m"),
                    .missing("run_id", Self.history + "?metric_key=m"),
                    .missing("metric_key", Self.history + "?run_id=@run"),
                    .refused(asked + "&max_results=0", "", "Invalid value 0 \(positive)"),
                    .refused(asked + "&max_results=-3", "", "Invalid value -3 \(positive)"),
                    .wrongType("\"x\"", "str", "max_results", asked + "&max_results=x"),
                    .refused(asked + "&page_token=abc", "", "Invalid page token, could not base64-decode"),
                    .refused(
                        asked + "&page_token=eyJvZmZzZXQiOjF9", "",
                        "Invalid page token, parsed value={\"offset\":1}"),
                    .refused(
                        asked + "&page_token=eyJhZnRlciI6InEifQ%3D%3D", "",
                        "Invalid page token, parsed value={\"after\":\"q\"}"),
                ], run: run.description)
        }
    }

    @Test func `histories of many runs stand together, by run`() async throws {
        try await withServer { server in
            var runs: [RunID] = []
            for value in 0..<3 {
                let run = try await server.begin()
                try await server.log([Double(value), 9], of: run)
                runs.append(run)
            }
            let asked = Self.bulk + "?metric_key=loss" + runs.reversed().map { "&run_id=\($0)" }.joined()
            let all = try JSONValue(try await server.mlflow(asked))["metrics"]?.elements ?? []
            #expect(
                all.compactMap { $0["run_id"]?.text }
                    == runs.sorted().flatMap { [$0.description, $0.description] })
            #expect(all.compactMap { $0["step"] } == [0, 1, 0, 1, 0, 1].map { .integer($0) })
            #expect(all.first?["key"] == .text("loss"))
            let some = try JSONValue(try await server.mlflow(asked + "&max_results=3"))
            #expect(some["metrics"]?.elements == Array(all.prefix(3)))
            let many = (0...100).map { "&run_id=\($0)" }.joined()
            try await server.check([
                .ok(asked + "&max_results=0", "", #"{"metrics":[]}"#),
                .refused(
                    asked + "&max_results=-1", "",
                    "Invalid value -1 for parameter 'max_results' supplied. It must not be negative."),
                .ok(Self.bulk + "?metric_key=m&run_id=nobody", "", #"{"metrics":[]}"#),
                .refused(
                    Self.bulk + "?metric_key=m", "",
                    "GetMetricHistoryBulk request must specify at least one run_id."),
                .refused(
                    Self.bulk + "?metric_key=m" + many, "",
                    "GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received 101 run_ids."
                ),
                .refused(
                    Self.bulk + "?run_id=a", "", "GetMetricHistoryBulk request must specify a metric_key."),
            ])
        }
    }

    @Test func `samples of many runs are even`() async throws {
        try await withServer { server in
            var runs: [String] = []
            for _ in 0..<2 {
                let run = try await server.begin()
                try await server.log((0...10).map { Double($0) }, of: run)
                runs.append(run.description)
            }
            let asked = Self.interval + "?metric_key=loss" + runs.map { "&run_ids=\($0)" }.joined()
            for (limits, steps) in [
                ("", Array(0...10)), ("&max_results=3", [0, 4, 10]), ("&max_results=1", [10]),
                ("&start_step=2&end_step=4", [2, 3, 4]), ("&start_step=5&end_step=5", [5]),
                ("&start_step=-9&end_step=10&max_results=2", [0, 10]), ("&start_step=20&end_step=30", []),
            ] as [(String, [Int64])] {
                let found = try JSONValue(try await server.mlflow(asked + limits))["metrics"]?.elements ?? []
                #expect(found.compactMap { $0["step"] } == (steps + steps).map { .integer($0) }, "\(limits)")
                #expect(found.first?["run_id"]?.text == (steps.isEmpty ? nil : runs[0]))
            }
        }
    }

    @Test func `samples that cannot be are refused in MLflow's words`() async throws {
        try await withServer { server in
            let asked = Self.interval + "?run_ids=a&metric_key=m"
            let many = (0...100).map { "run_ids=\($0)&" }.joined()
            let both = "If either start step or end step are specified, both must be specified."
            let range = "max_results must be between 1 and 2500. \(Self.reference)"
            try await server.check([
                .ok(asked), .missing("run_ids", Self.interval + "?metric_key=m"),
                .missing("metric_key", Self.interval + "?run_ids=a"),
                .refused(
                    "\(Self.interval)?\(many)metric_key=m", "",
                    "GetMetricHistoryBulkInterval request must specify at most 100 run_ids. "
                        + "Received 101 run_ids. \(Self.reference)"),
                .refused(asked + "&max_results=0", "", range),
                .refused(asked + "&max_results=2501", "", range),
                .refused(
                    asked + "&start_step=5&end_step=2", "",
                    "end_step must be greater than start_step. Found start_step=5 and end_step=2."),
                .refused(asked + "&start_step=5", "", both), .refused(asked + "&end_step=5", "", both),
            ])
        }
    }
}
