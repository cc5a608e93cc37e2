import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Dispatch
import Testing

struct LinkEndpointsTests {
    private static let dataset = #""name":"d","digest":"1","source_type":"local","source":"s""#
    private static let unknown = "Run with id=nobody not found"

    @Test func `data sets and models of a run are noted`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let set =
                #"{"dataset":{\#(Self.dataset),"schema":"{}"},"tags":[{"key":"mlflow.data.context","value":"t"}]}"#
            try await server.check(
                [
                    .ok("POST runs/log-inputs", #"{"run_id":"@run"}"#),
                    .ok(
                        "POST runs/log-inputs",
                        #"{"run_id":"@run","datasets":[\#(set)],"models":[{"model_id":"m"}]}"#),
                    .ok("POST runs/outputs", #"{"run_id":"@run","models":[]}"#),
                    .ok(
                        "POST runs/outputs",
                        #"{"run_id":"@run","models":[{"model_id":"o","step":"2"},{"model_id":"p"}]}"#),
                ], run: run.description)
            let dataset = Dataset(name: "d", digest: "1", sourceType: "local", source: "s", schema: "{}")
            let links = RunLinks(
                datasets: [DatasetInput(dataset, tags: ["mlflow.data.context": "t"])], modelInputs: ["m"],
                modelOutputs: [ModelOutput(model: "p", step: 0), ModelOutput(model: "o", step: 2)])
            #expect(try await server.store.links(of: run) == links)
        }
    }

    @Test func `inputs that cannot be are refused in MLflow's words`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-inputs"
            let body = { (input: String) in
                #"{"run_id":"@run","datasets":[\#(input)],"models":[{"model_id":"m"}]}"#
            }
            let set = { (fields: String) in body(#"{"dataset":{\#(fields)}}"#) }
            let tags = { (tag: String) in body(#"{"dataset":{\#(Self.dataset)},"tags":[\#(tag)]}"#) }
            let long = { (count: Int) in String(repeating: "x", count: count) }
            try await server.check(
                [
                    .missing("run_id", log, "{}"),
                    .refused(log, body("{}"), "Dataset cannot be None"),
                    .refused(log, set(#""digest":"1""#), "Dataset name cannot be None"),
                    .refused(log, set(#""name":"d","digest":"""#), "Dataset digest cannot be None"),
                    .refused(log, set(#""name":"d","digest":"1""#), "Dataset source_type cannot be None"),
                    .refused(
                        log, set(#""name":"d","digest":"1","source_type":"""#),
                        "Dataset source cannot be None"),
                    .refused(log, tags(#"{"value":"1"}"#), "InputTag key cannot be None"),
                    .refused(log, tags(#"{"key":"1"}"#), "InputTag value cannot be None"),
                    .refused(
                        log, tags(#"{"key":"\#(long(256))","value":""}"#),
                        "'key' exceeds the maximum length of 255 characters"),
                    .refused(
                        log, tags(#"{"key":"a","value":"\#(long(501))"}"#),
                        "'value' exceeds the maximum length of 500 characters"),
                    .refused(
                        log, set(#""name":"\#(long(501))","digest":"1","source_type":"","source":"""#),
                        "'name' exceeds the maximum length of 500 characters"),
                    .refused(
                        log, set(#""name":"d","digest":"\#(long(37))","source_type":"","source":"""#),
                        "'digest' exceeds the maximum length of 36 characters"),
                    .refused(
                        log, set(#""name":"d","digest":"1","source_type":"","source":"\#(long(65_536))""#),
                        "'source' exceeds the maximum length of 65535 characters"),
                    .missing("models[0].model_id", log, #"{"run_id":"@run","models":[{}]}"#),
                    .refused(
                        log, #"{"run_id":"a b"}"#, "Invalid value \"a b\" for parameter 'run_id' supplied."),
                    .refused(log, #"{"run_id":"nobody"}"#, Self.unknown, .resourceDoesNotExist),
                    .missing("run_id", "POST runs/outputs", #"{"models":[]}"#),
                    .missing("models", "POST runs/outputs", #"{"run_id":"@run"}"#),
                    .missing(
                        "models[0].model_id", "POST runs/outputs", #"{"run_id":"@run","models":[{"step":1}]}"#
                    ),
                    .refused(
                        "POST runs/outputs", #"{"run_id":"nobody","models":[]}"#, Self.unknown,
                        .resourceDoesNotExist),
                ], run: run.description)
            #expect(try await server.store.links(of: run) == RunLinks())
        }
    }

    @Test func `inputs may be larger than other bodies`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let profile = String(repeating: "x", count: 8 << 20)
            let body =
                #"{"run_id":"\#(run)","datasets":[{"dataset":{\#(Self.dataset),"profile":"\#(profile)"}}]}"#
            let head = { @Sendable (path: String) in
                """
                POST /api/2.0/mlflow/runs/\(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r
                Connection: close\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n
                """
            }
            let connection = try Connection(port: server.port)
            // Sending blocks until the server reads, and its handlers need the cooperative pool.
            DispatchQueue.global().async { connection.send(head("log-inputs") + body) }
            let answer = try Answer(try await connection.readAll())
            #expect(answer.text == "{}")
            #expect(try await server.store.links(of: run).datasets.first?.dataset.profile == profile)
            #expect(try await server.ask(raw: head("outputs")).status == 413)
        }
    }

    @Test func `models of old clients are listed in a tag`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let log = "POST runs/log-model"
            let body = { (json: String) in
                #"{"run_id":"@run","model_json":"\#(json.replacing("\"", with: "\\\""))"}"#
            }
            let model = { (path: String) in
                #"{"artifact_path":"\#(path)","flavors":{"f":{}},"utc_time_created":"t","run_id":"@run","x":1}"#
            }
            try await server.check(
                [.ok(log, body(model("a"))), .ok(log, body(model("b")))], run: run.description)
            let entry = { (path: String) in
                """
                {"run_id":"\(run)","artifact_path":"\(path)","utc_time_created":"t","model_uuid":null,\
                "flavors":{"f":{}}}
                """
            }
            let tag = try await server.store.run(run).tags["mlflow.log-model.history"]
            #expect(tag == "[\(entry("a")),\(entry("b"))]")
            let fields = "'artifact_path', 'flavors', 'utc_time_created', 'run_id'"
            try await server.check(
                [
                    .missing("run_id", log, "{}"), .missing("model_json", log, #"{"run_id":"@run"}"#),
                    .refused(log, body("x"), "Malformed model info. \n x \n is not a valid JSON."),
                    .refused(log, body("{}"), "Model json is missing mandatory fields: {\(fields)}"),
                    .refused(log, body("[]"), "Model json is missing mandatory fields: {\(fields)}"),
                    .refused(
                        log, body(#"{"artifact_path":"a","flavors":{},"utc_time_created":"t"}"#),
                        "Model json is missing mandatory fields: {'run_id'}"),
                    .ok(
                        "POST runs/set-tag",
                        #"{"run_id":"@run","key":"mlflow.log-model.history","value":"5"}"#),
                    .refused(
                        log, body(model("c")), "tag 'mlflow.log-model.history': it is no list in JSON"),
                ], run: run.description)
        }
    }

    @Test func `data sets of experiments are summed up`() async throws {
        try await withServer { server in
            let search = "POST experiments/search-datasets"
            let ids = { (count: Int) in
                #"{"experiment_ids":[\#((0..<count).map { "\"\($0)\"" }.joined(separator: ","))]}"#
            }
            let run = try await server.begin()
            let dataset = Dataset(name: "d", digest: "1", sourceType: "local", source: "s")
            try await server.store.logInputs(run, datasets: [DatasetInput(dataset)], models: [])
            let again = try await server.begin()
            let input = DatasetInput(dataset, tags: ["mlflow.data.context": "training"])
            try await server.store.logInputs(again, datasets: [input], models: [])
            try await server.check([
                .ok(
                    search, ids(20),
                    """
                    {"dataset_summaries":[{"experiment_id":"1","name":"d","digest":"1"},\
                    {"experiment_id":"1","name":"d","digest":"1","context":"training"}]}
                    """),
                .ok(search, #"{"experiment_ids":["0"]}"#),
                .refused(search, "{}", "SearchDatasets request must specify at least one experiment_id."),
                .refused(
                    search, ids(21),
                    "SearchDatasets request cannot specify more than 20 experiment_ids. "
                        + "Received 21 experiment_ids."),
                .refused(
                    search, #"{"experiment_ids":["x"]}"#,
                    "Invalid experiment ID 'x'. Experiment ID must be a valid integer."),
            ])
        }
    }
}
