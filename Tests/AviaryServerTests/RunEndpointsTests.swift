import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RunEndpointsTests {
    private static let deleted = "The run @run must be in the 'active' state. Current state is deleted."
    private static let unknown = "Run with id=nobody not found"

    @Test func `a run is made as it is said`() async throws {
        try await withServer { server in
            let answer = try await server.mlflow(
                "POST runs/create",
                """
                {"experiment_id":"0","user_id":"me","run_name":"first","start_time":"1500","tags":[\
                {"key":"mlflow.runName","value":"first"},{"key":"a","value":"1"}]}
                """)
            let run = try #require(try JSONValue(answer)["run"]?["info"]?["run_id"]?.text)
            let whole = { (outputs: String) in
                """
                {"run":{"info":{"run_id":"\(run)","run_uuid":"\(run)","run_name":"first","experiment_id":"0",\
                "user_id":"me","status":"RUNNING","start_time":1500,\
                "artifact_uri":"mlflow-artifacts:/0/\(run)/artifacts","lifecycle_stage":"active"},\
                "data":{"tags":[{"key":"a","value":"1"},{"key":"mlflow.runName","value":"first"}]},\
                "inputs":{}\(outputs)}}
                """
            }
            #expect(answer.text == whole(""))
            let found = whole(",\"outputs\":{}")
            try await server.check(
                [
                    .ok("GET runs/get?run_id=@run", "", found), .ok("GET runs/get?run_uuid=@run", "", found),
                    .ok("GET runs/get?runId=@run&run_uuid=other", "", found),
                ], run: run)
        }
    }

    @Test(
        arguments: [
            (#"{"experiment_id":"0"}"#, nil), (#"{"experiment_id":"0","run_name":""}"#, nil),
            (#"{"experiment_id":"0","run_name":"a"}"#, "a"),
            (#"{"experiment_id":"0","tags":[{"key":"mlflow.runName","value":"b"}]}"#, "b"),
            (#"{"experiment_id":"0","run_name":"a","tags":[{"key":"mlflow.runName","value":""}]}"#, "a"),
        ] as [(String, String?)])
    func `a run's name is what is said, or drawn`(body: String, name: String?) async throws {
        try await withServer { server in
            let run = try JSONValue(try await server.mlflow("POST runs/create", body))["run"]
            let found = try #require(run?["info"]?["run_name"]?.text)
            if let name {
                #expect(found == name)
            } else {
                #expect(found.wholeMatch(of: /[a-z]+-[a-z]+-[1-9][0-9]{0,2}/) != nil, "\(found)")
            }
            #expect(
                run?["data"]?["tags"] == .array([["key": .text("mlflow.runName"), "value": .text(found)]]))
            #expect(run?["info"]?["start_time"] == .integer(0))
        }
    }

    @Test func `a run that cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let create = "POST runs/create"
            try await server.check([
                .missing("experiment_id", create, "{}"),
                .refused(
                    create, #"{"experiment_id":"x"}"#,
                    "Invalid experiment ID 'x'. Experiment ID must be a valid integer."),
                .refused(
                    create, #"{"experiment_id":"77"}"#, "No Experiment with id=77 exists",
                    .resourceDoesNotExist),
                .refused(
                    create,
                    #"{"experiment_id":"0","run_name":"A","tags":[{"key":"mlflow.runName","value":"B"}]}"#,
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                        + "(run_name='A', mlflow.runName='B')."),
                .wrongType("0", "int", "experiment_id", create, #"{"experiment_id":0}"#),
                .wrongType("5", "int", "run_name", create, #"{"experiment_id":"0","run_name":5}"#),
                .refused(
                    create, #"{"experiment_id":"0","tags":[{"key":"a"},{"key":"a"}]}"#,
                    "the tag 'a' is given twice", .badRequest),
                .refused(
                    create, #"{"experiment_id":"0","user_id":"\#(String(repeating: "u", count: 257))"}"#,
                    "'user_id' exceeds the maximum length of 256 characters"),
            ])
            #expect(try await server.store.runs(experiment: nil, limit: 9, cursor: nil).runs.isEmpty)
        }
    }

    @Test func `only what is given changes`() async throws {
        try await withServer { server in
            let run = try await server.begin("first")
            let info = { (name: String, status: String, end: String) in
                """
                {"run_info":{"run_id":"@run","run_uuid":"@run","run_name":"\(name)","experiment_id":"1","user_id":"",\
                "status":"\(status)","start_time":1000000,\(end)"artifact_uri":"mlflow-artifacts:/1/@run/artifacts",\
                "lifecycle_stage":"active"}}
                """
            }
            let update = "POST runs/update"
            try await server.check(
                [
                    .ok(update, #"{"run_id":"@run"}"#, info("first", "RUNNING", "")),
                    .ok(
                        update, #"{"run_id":"@run","run_name":"","status":"NONSENSE"}"#,
                        info("first", "RUNNING", "")),
                    .ok(
                        update, #"{"run_uuid":"@run","status":"FINISHED","end_time":5}"#,
                        info("first", "FINISHED", #""end_time":5,"#)),
                    .ok(
                        update, #"{"run_id":"@run","run_name":"second"}"#,
                        info("second", "FINISHED", #""end_time":5,"#)),
                    .ok(
                        update, #"{"run_id":"@run","status":1}"#, info("second", "RUNNING", #""end_time":5,"#)
                    ),
                    .missing("run_id", update, #"{"status":1}"#),
                    .wrongType("5", "int", "run_name", update, #"{"run_id":"@run","run_name":5}"#),
                    .refused(update, #"{"run_id":"nobody"}"#, Self.unknown, .resourceDoesNotExist),
                ], run: run.description)
        }
    }

    @Test func `a run goes into the trash and comes back`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let id = #"{"run_id":"@run"}"#
            try await server.check(
                [.ok("POST runs/delete", id), .ok("POST runs/delete", id)], run: run.description)
            let info = try JSONValue(try await server.mlflow("GET runs/get?run_id=\(run)"))["run"]?["info"]
            #expect(info?["lifecycle_stage"] == .text("deleted"))
            let pair = #"{"run_id":"@run","key":"a","value":"1"}"#
            try await server.check(
                [
                    .refused("POST runs/update", id, Self.deleted),
                    .refused("POST runs/log-parameter", pair, Self.deleted),
                    .refused("POST runs/set-tag", pair, Self.deleted),
                    .refused("POST runs/delete-tag", pair, Self.deleted),
                    .refused(
                        "POST runs/log-metric", #"{"run_id":"@run","key":"a","value":1,"timestamp":1}"#,
                        Self.deleted),
                    .refused("POST runs/log-batch", id, Self.deleted),
                    .refused("POST runs/log-inputs", id, Self.deleted),
                    .refused("POST runs/outputs", #"{"run_id":"@run","models":[]}"#, Self.deleted),
                    .ok("POST runs/restore", id), .ok("POST runs/restore", id),
                    .ok("POST runs/log-parameter", pair),
                    .missing("run_id", "POST runs/delete", "{}"),
                    .missing("run_id", "POST runs/restore", "{}"),
                    .missing("run_id", "GET runs/get"),
                    .refused(
                        "POST runs/delete", #"{"run_id":"nobody"}"#, Self.unknown, .resourceDoesNotExist),
                    .refused(
                        "POST runs/restore", #"{"run_id":"nobody"}"#, Self.unknown, .resourceDoesNotExist),
                    .refused("GET runs/get?run_id=nobody", "", Self.unknown, .resourceDoesNotExist),
                ], run: run.description)
        }
    }

    @Test func `a search finds, orders and pages`() async throws {
        try await withServer { server in
            var runs: [String] = []
            for (index, loss) in [0.5, .nan, 0.25, nil].enumerated() {
                let run = try await server.begin(
                    "r\(index)", params: ["lr": "\(index)"], at: Int64(index) * 10)
                if let loss { try await server.log([loss], of: run) }
                runs.append(run.description)
            }
            try await server.store.deleteRun(try #require(RunID(runs[2])))
            for (fields, found) in [
                ("", [3, 1, 0]), (#","run_view_type":"ALL""#, [3, 2, 1, 0]), (#","run_view_type":2"#, [2]),
                (#","order_by":["metrics.loss"]"#, [0, 1, 3]),
                (#","order_by":["params.lr DESC"],"run_view_type":"ALL""#, [3, 2, 1, 0]),
                (#","filter":"metrics.loss < 1 OR params.lr = '3'""#, [3, 0]),
                (
                    #","filter":"NOT (attributes.run_name LIKE 'R%' OR tags.`mlflow.runName` = 'r0')""#,
                    [3, 1]
                ),
            ] {
                let answer = try await server.mlflow(
                    "POST runs/search", #"{"experiment_ids":["1"]\#(fields)}"#)
                let ids = try JSONValue(answer)["runs"]?.elements.compactMap { $0["info"]?["run_id"]?.text }
                #expect(ids == found.map { runs[$0] }, "\(fields)")
            }
        }
    }

    @Test func `pages follow each other`() async throws {
        try await withServer { server in
            var runs: [String] = []
            for index in 0..<5 { runs.append(try await server.begin(at: Int64(10 - index)).description) }
            var token = ""
            var found: [String] = []
            repeat {
                let body = #"{"experiment_ids":["1"],"max_results":2,"page_token":"\#(token)"}"#
                let page = try JSONValue(try await server.mlflow("POST runs/search", body))
                found += page["runs"]?.elements.compactMap { $0["info"]?["run_id"]?.text } ?? []
                token = page["next_page_token"]?.text ?? ""
            } while !token.isEmpty
            #expect(found == runs)
        }
    }

    @Test func `what is found is whole`() async throws {
        try await withServer { server in
            let run = try await server.begin("r", params: ["p": "1"], tags: ["t": "2"])
            try await server.log([.infinity, -.infinity], of: run)
            let dataset = Dataset(name: "d", digest: "1", sourceType: "local", source: "s", schema: "{}")
            let input = DatasetInput(dataset, tags: ["mlflow.data.context": "training"])
            try await server.store.logInputs(run, datasets: [input], models: ["m-in"])
            try await server.store.logOutputs(run, [ModelOutput(model: "m-out", step: 3)])
            try await server.check(
                [
                    .ok(
                        "POST runs/search",
                        #"{"experiment_ids":["1"],"filter":"dataset.context = 'training'"}"#,
                        """
                        {"runs":[{"info":{"run_id":"@run","run_uuid":"@run","run_name":"r","experiment_id":"1",\
                        "user_id":"","status":"RUNNING","start_time":1000000,\
                        "artifact_uri":"mlflow-artifacts:/1/@run/artifacts","lifecycle_stage":"active"},\
                        "data":{"metrics":[{"key":"loss","value":-1.7976931348623157e+308,"timestamp":1000010,\
                        "step":1}],"params":[{"key":"p","value":"1"}],"tags":[{"key":"mlflow.runName","value":"r"},\
                        {"key":"t","value":"2"}]},"inputs":{"dataset_inputs":[{"tags":[\
                        {"key":"mlflow.data.context","value":"training"}],"dataset":{"name":"d","digest":"1",\
                        "source_type":"local","source":"s","schema":"{}"}}],"model_inputs":[{"model_id":"m-in"}]},\
                        "outputs":{"model_outputs":[{"model_id":"m-out","step":3}]}}]}
                        """)
                ], run: run.description)
        }
    }

    @Test func `a search that cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let search = "POST runs/search"
            let positive = "for parameter 'max_results' supplied. It must be a positive integer"
            let body = { (fields: String) in #"{"experiment_ids":["0"],\#(fields)}"# }
            try await server.check([
                .ok(search, "{}"), .ok(search, #"{"experiment_ids":["99"]}"#),
                .refused(
                    search, #"{"experiment_ids":["x"]}"#,
                    "Invalid experiment ID 'x'. Experiment ID must be a valid integer."),
                .wrongType("50001", "int", "max_results", search, body(#""max_results":50001"#)),
                .refused(search, body(#""max_results":0"#), "Invalid value 0 \(positive)"),
                .refused(search, body(#""max_results":-1"#), "Invalid value -1 \(positive)"),
                .wrongType("\"x\"", "str", "max_results", search, body(#""max_results":"x""#)),
                .wrongType("\"0\"", "str", "experiment_ids", search, #"{"experiment_ids":"0"}"#),
                .refused(search, body(#""page_token":"q""#), "Invalid page token, could not base64-decode"),
                .refused(
                    search, body(#""filter":"foo bar""#), "Invalid clause(s) in filter string: 'foo bar'"),
                .refused(
                    search, body(#""filter":"metrics.m > 'a'""#),
                    "Expected numeric value type for metric. Found 'a'"),
                .refused(
                    search, body(#""order_by":["metrics.m","metrics.m"]"#),
                    "`order_by` contains duplicate fields: ['metrics.m', 'metrics.m']"),
            ])
        }
    }
}
