import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggingEndpointsTests {
    private static let unknown = "Run with id=nobody not found"
    private static let long = String(repeating: "k", count: 251)
    private static let badName =
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) "
        + "and slashes (/)."

    @Test func `a metric is logged, and the same again is ignored`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-metric"
            let metric = #"{"run_id":"@run","key":"a/b","value":"NaN","timestamp":"3","step":-2}"#
            try await server.check(
                [
                    .ok(log, metric), .ok(log, metric),
                    .ok(log, #"{"run_uuid":"@run","key":"a/b","value":1,"timestamp":3}"#),
                    .ok(log, #"{"run_id":"@run","key":"a/b","value":"-Infinity","timestamp":4,"step":9}"#),
                ], run: run.description)
            let points = try await server.store.history(run, key: "a/b")
            #expect(points.map(\.step) == [-2, 0, 9])
            #expect(points.map(\.value).dropFirst() == [1, -.infinity])
            #expect(points[0].value.isNaN)
        }
    }

    @Test func `a metric that cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-metric"
            let hint = "Timestamp must be a nonnegative long (64-bit integer) "
            try await server.check(
                [
                    .missing("run_id", log, #"{"key":"a","value":1,"timestamp":1}"#),
                    .missing("key", log, #"{"run_id":"@run","value":1,"timestamp":1}"#),
                    .missing("value", log, #"{"run_id":"@run","key":"a","timestamp":1}"#),
                    .missing("timestamp", log, #"{"run_id":"@run","key":"a","value":1}"#),
                    .wrongType(
                        "\"x\"", "str", "value", log,
                        #"{"run_id":"@run","key":"a","value":"x","timestamp":1}"#),
                    .wrongType(
                        "1.5", "float", "step", log,
                        #"{"run_id":"@run","key":"a","value":1,"timestamp":1,"step":1.5}"#),
                    .refused(
                        log, #"{"run_id":"@run","key":"a?","value":1,"timestamp":1}"#,
                        "Invalid value \"a?\" for parameter 'name' supplied: \(Self.badName)"),
                    .refused(
                        log, #"{"run_id":"@run","key":"\#(Self.long)","value":1,"timestamp":1}"#,
                        "'Metric name' exceeds the maximum length of 250 characters"),
                    .refused(
                        log, #"{"run_id":"@run","key":"a","value":1,"timestamp":-1}"#,
                        "Invalid value -1 for parameter 'timestamp' supplied: metric 'a' (value=1.0). \(hint)"
                    ),
                    .refused(
                        log, #"{"run_id":"nobody","key":"a","value":1,"timestamp":1}"#, Self.unknown,
                        .resourceDoesNotExist),
                    .refused(
                        log, #"{"run_id":"@run","key":"a","value":1,"timestamp":1,"model_id":"m-0"}"#,
                        "Logged model with ID 'm-0' not found.", .badRequest),
                ], run: run.description)
            #expect(try await server.store.run(run).metrics.isEmpty)
        }
    }

    @Test func `a param never changes`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-parameter"
            let wide = String(repeating: "v", count: 6001)
            try await server.check(
                [
                    .ok(log, #"{"run_id":"@run","key":"p","value":"1"}"#),
                    .ok(log, #"{"run_id":"@run","key":"p","value":"1"}"#),
                    .refused(
                        log, #"{"run_id":"@run","key":"p","value":"2"}"#,
                        "Changing param values is not allowed. Param with key='p' was already logged with "
                            + "value='1' for run ID='@run'. Attempted logging new value '2'."),
                    .ok(log, #"{"run_id":"@run","key":"empty","value":""}"#),
                    .ok(log, #"{"run_id":"@run","key":"none"}"#),
                    .ok(log, #"{"run_uuid":"@run","key":"wide","value":"\#(wide)"}"#),
                    .missing("run_id", log, #"{"key":"p"}"#), .missing("key", log, #"{"run_id":"@run"}"#),
                    .wrongType("3", "int", "value", log, #"{"run_id":"@run","key":"n","value":3}"#),
                    .refused(
                        log, #"{"run_id":"@run","key":"a?","value":"1"}"#,
                        "Invalid value \"a?\" for parameter 'key' supplied: \(Self.badName)"),
                    .refused(
                        log, #"{"run_id":"@run","key":"\#(Self.long)","value":"1"}"#,
                        "'Param key' exceeds the maximum length of 250 characters"),
                    .refused(
                        log, #"{"run_id":"nobody","key":"p","value":"1"}"#, Self.unknown,
                        .resourceDoesNotExist),
                ], run: run.description)
            let params: [ExactKey: String] = [
                "p": "1", "empty": "", "none": "", "wide": String(wide.dropLast()),
            ]
            #expect(try await server.store.run(run).params == params)
        }
    }

    @Test func `tags are set, cut and taken away; that of the name is the name`() async throws {
        try await withServer { server in
            let run = try await server.begin("first")
            let set = "POST runs/set-tag"
            let delete = "POST runs/delete-tag"
            let wide = String(repeating: "é", count: 8001)
            try await server.check(
                [
                    .ok(set, #"{"run_id":"@run","key":"a","value":"1"}"#),
                    .ok(set, #"{"run_id":"@run","key":"a","value":"2"}"#),
                    .ok(set, #"{"run_uuid":"@run","key":"wide","value":"\#(wide)"}"#),
                    .ok(set, #"{"run_id":"@run","key":"mlflow.runName","value":"second"}"#),
                    .ok(set, #"{"run_id":"@run","key":"mlflow.runName","value":""}"#),
                    .ok(delete, #"{"run_id":"@run","key":"mlflow.runName"}"#),
                    .ok(delete, #"{"run_id":"@run","key":"a"}"#),
                    .refused(
                        delete, #"{"run_id":"@run","key":"a"}"#, "No tag with name: a in run with id @run",
                        .resourceDoesNotExist),
                    .missing("run_id", set, #"{"key":"a"}"#), .missing("key", set, #"{"run_id":"@run"}"#),
                    .missing("run_id", delete, #"{"key":"a"}"#),
                    .missing("key", delete, #"{"run_id":"@run"}"#),
                    .refused(
                        set, #"{"run_id":"@run","key":"\#(Self.long)","value":"1"}"#,
                        "'key' exceeds the maximum length of 250 characters"),
                    .refused(set, #"{"run_id":"nobody","key":"a"}"#, Self.unknown, .resourceDoesNotExist),
                    .refused(delete, #"{"run_id":"nobody","key":"a"}"#, Self.unknown, .resourceDoesNotExist),
                ], run: run.description)
            let found = try await server.store.run(run)
            #expect(found.tags == ["wide": String(wide.dropLast())])
            #expect(found.name == "second")
        }
    }

    @Test func `a batch is stored as a whole, also into a run that has ended`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            try await server.store.end(run, .finished, at: .now)
            let log = "POST runs/log-batch"
            try await server.check(
                [
                    .ok(
                        log,
                        """
                        {"run_id":"@run","metrics":[{"key":"a","value":1,"timestamp":1,"step":1},\
                        {"key":"a","value":2,"timestamp":1}],"params":[{"key":"p","value":"1"}],\
                        "tags":[{"key":"t","value":"1"},{"key":"t","value":"2"},\
                        {"key":"mlflow.runName","value":"named"}]}
                        """),
                    .ok(log, #"{"run_id":"@run"}"#),
                    .refused(
                        log,
                        """
                        {"run_id":"@run","params":[{"key":"q","value":"1"},{"key":"p","value":"it's"}],\
                        "tags":[{"key":"t","value":"3"}],"metrics":[{"key":"b","value":1,"timestamp":1}]}
                        """,
                        "Changing param values is not allowed. Params were already logged='[{'key': 'p', "
                            + "'old_value': '1', 'new_value': \"it's\"}]' for run ID='@run'."),
                ], run: run.description)
            let found = try await server.store.run(run)
            #expect(found.params == ["p": "1"])
            #expect(found.tags == ["t": "2"])
            #expect(found.name == "named")
            #expect(found.metrics.mapValues(\.last) == ["a": 1])
        }
    }

    /// U+2126, the unit, and U+03A9, the letter, are equal as Swift's texts.
    @Test func `keys that are the same letters in other bytes are two keys`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let pairs = #"[{"key":"\u2126","value":"unit"},{"key":"\u03a9","value":"letter"}]"#
            let metrics =
                #"{"key":"\u2126","value":1,"timestamp":1},{"key":"\u03a9","value":2,"timestamp":1}"#
            let body = #"{"run_id":"@run","params":\#(pairs),"tags":\#(pairs),"metrics":[\#(metrics)]}"#
            try await server.check(
                [
                    .ok("POST runs/log-batch", body),
                    .ok("POST runs/log-metric", #"{"run_id":"@run","key":"\u03a9","value":3,"timestamp":2}"#),
                    .refused(
                        "POST runs/log-batch",
                        #"{"run_id":"@run","params":[{"key":"\u2126","value":"a"},{"key":"\u2126","value":"b"}]}"#,
                        "Duplicate parameter keys have been submitted: ['\u{2126}']. Please ensure the request "
                            + "contains only one param value per param key."),
                ], run: run.description)
            let found = try await server.store.run(run)
            let values: [ExactKey: String] = ["\u{2126}": "unit", "\u{3A9}": "letter"]
            #expect(found.params == values && found.tags == values)
            #expect(found.metrics.mapValues(\.last) == ["\u{2126}": 1, "\u{3A9}": 3])
            let letter = try await server.store.history(run, key: "\u{3A9}", after: nil, limit: 10)
            #expect(letter.points.map(\.value) == [2, 3])
        }
    }

    @Test func `the largest batch that may be is taken, each of its letters escaped`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let pairs = { (count: Int, letters: Int) in
                let value = String(repeating: #"\u00e9"#, count: letters)
                return (0..<count).map { #"{"key":"\#($0)","value":"\#(value)"}"# }.joined(separator: ",")
            }
            let body = #"{"run_id":"\#(run)","params":[\#(pairs(100, 6000))],"tags":[\#(pairs(100, 8000))]}"#
            let answer = try await server.post("/api/2.0/mlflow/runs/log-batch", body)
            #expect(answer.status == 200, "\(answer.text)")
            let found = try await server.store.run(run)
            #expect(found.params.count == 100 && found.params["99"] == String(repeating: "é", count: 6000))
            #expect(found.tags.count == 100 && found.tags["99"] == String(repeating: "é", count: 8000))
        }
    }

    @Test func `a refusal names a few params and the beginning of their values`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let wide = String(repeating: "v", count: 6000)
            let params = (0..<100).map { #"{"key":"p\#(10 + $0)","value":"\#(wide)"}"# }
            let changes = params.map { $0.replacing("\"vv", with: "\"wv") }
            let (log, id) = ("POST runs/log-batch", #"{"run_id":"@run","params":"#)
            let (old, new) = (wide.prefix(250) + "…", "w" + wide.prefix(249) + "…")
            let named = (10..<15).map { "{'key': 'p\($0)', 'old_value': '\(old)', 'new_value': '\(new)'}" }
            try await server.check(
                [
                    .ok(log, "\(id)[\(params.joined(separator: ","))]}"),
                    .refused(
                        log, "\(id)[\(changes.joined(separator: ","))]}",
                        "Changing param values is not allowed. Params were already logged="
                            + "'[\(named.joined(separator: ", ")), and 95 more]' for run ID='@run'."),
                    .refused(
                        "POST runs/log-parameter", #"{"run_id":"@run","key":"p10","value":"x"}"#,
                        "Changing param values is not allowed. Param with key='p10' was already logged with "
                            + "value='\(old)' for run ID='@run'. Attempted logging new value 'x'."),
                ], run: run.description)
        }
    }

    @Test func `a batch that cannot be is refused in MLflow's words, and nothing is stored`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-batch"
            let body = { (fields: String) in #"{"run_id":"@run",\#(fields)}"# }
            let many = { (name: String, item: String, count: Int) in
                let items = (0..<count).map { item.replacing("N", with: "\($0)") }
                return "\"\(name)\":[\(items.joined(separator: ","))]"
            }
            let metric = #"{"key":"a","value":1,"timestamp":1}"#
            let tooMany = { (limit: Int, things: String, count: Int) in
                "A batch logging request can contain at most \(limit) \(things). Got \(count) \(things). "
                    + "Please split up \(things) across multiple requests and try again."
            }
            let pair = #"{"key":"kN","value":"1"}"#
            try await server.check(
                [
                    .missing("run_id", log, "{}"),
                    .missing("metrics[0].key", log, body(#""metrics":[{"value":1,"timestamp":1}]"#)),
                    .missing(
                        "metrics[1].value", log, body(#""metrics":[\#(metric),{"key":"a","timestamp":1}]"#)),
                    .missing("metrics[0].timestamp", log, body(#""metrics":[{"key":"a","value":1}]"#)),
                    .missing("params[0].key", log, body(#""params":[{"value":"1"}]"#)),
                    .missing("tags[0].key", log, body(#""tags":[{"value":"1"}]"#)),
                    .wrongType("\"x\"", "str", "metrics", log, body(#""metrics":"x""#)),
                    .wrongType("5", "int", "metrics[0]", log, body(#""metrics":[5]"#)),
                    .refused(
                        log, body(#""metrics":[{"key":"a?","value":1,"timestamp":1}]"#),
                        "Invalid value \"a?\" for parameter 'metrics[0].name' supplied: \(Self.badName)"),
                    .refused(
                        log, body(#""params":[{"key":"a?","value":"1"}]"#),
                        "Invalid value \"a?\" for parameter 'params[0].key' supplied: \(Self.badName)"),
                    .refused(
                        log, body(#""tags":[{"key":"\#(Self.long)","value":"1"}]"#),
                        "'tags[0].key' exceeds the maximum length of 250 characters"),
                    .refused(
                        log, body(#""metrics":[{"key":"a","value":1,"timestamp":-1}]"#),
                        "Invalid value -1 for parameter 'metrics[0].timestamp' supplied: metric 'a' (value=1.0). "
                            + "Timestamp must be a nonnegative long (64-bit integer) "),
                    .refused(
                        log, body(#""params":[{"key":"q","value":"1"},{"key":"q","value":"1"}]"#),
                        "Duplicate parameter keys have been submitted: ['q']. Please ensure the request "
                            + "contains only one param value per param key."),
                    .refused(log, body(many("metrics", metric, 1001)), tooMany(1000, "metrics", 1001)),
                    .refused(log, body(many("params", pair, 101)), tooMany(100, "params", 101)),
                    .refused(log, body(many("tags", pair, 101)), tooMany(100, "tags", 101)),
                    .refused(
                        log, body(many("metrics", metric, 901) + "," + many("tags", pair, 100)),
                        tooMany(1000, "metrics, params, and tags", 1001)),
                    .refused(
                        log,
                        body(
                            #""tags":[{"key":"t"}],"metrics":[{"key":"a","value":1,"timestamp":1,"model_id":"m-0"}]"#
                        ),
                        "Logged model with ID 'm-0' not found.", .badRequest),
                    .refused(
                        log, #"{"run_id":"a b"}"#, "Invalid value \"a b\" for parameter 'run_id' supplied."),
                    .refused(log, #"{"run_id":"nobody"}"#, Self.unknown, .resourceDoesNotExist),
                ], run: run.description)
            let found = try await server.store.run(run)
            #expect(found.params.isEmpty)
            #expect(found.tags.isEmpty)
            #expect(found.metrics.isEmpty)
            try await server.check(
                [.ok(log, body(many("metrics", metric, 800) + "," + many("params", pair, 100)))],
                run: run.description)
        }
    }
}
