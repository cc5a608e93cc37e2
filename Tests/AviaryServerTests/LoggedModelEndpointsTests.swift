import AviaryArtifacts
import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggedModelEndpointsTests {
    private static let nobody = "m-" + String(repeating: "0", count: 32)
    private static let unknown = "Logged model with ID '\(nobody)' not found."
    private static let create = "POST logged-models"

    @Test func `a model is made as it is said`() async throws {
        try await withServer { server in
            let answer = try await server.mlflow(
                Self.create,
                """
                {"experiment_id":"0","name":"net","model_type":"agent","source_run_id":"r","params":[\
                {"key":"lr","value":"0.1"},{"key":"b"}],"tags":[{"key":"t","value":"1"}]}
                """)
            let info = try #require(try JSONValue(answer)["model"]?["info"])
            let id = try #require(info["model_id"]?.text)
            let model = try await server.store.loggedModel(id)
            let whole = { (status: String, updated: Timestamp, more: String) in
                """
                {"model":{"info":{"model_id":"\(id)","experiment_id":"0","name":"net",\
                "creation_timestamp_ms":\(model.createdAt.milliseconds),\
                "last_updated_timestamp_ms":\(updated.milliseconds),\
                "artifact_uri":"mlflow-artifacts:/0/models/\(id)/artifacts","status":"LOGGED_MODEL_\(status)",\
                "model_type":"agent","source_run_id":"r","tags":[{"key":"t","value":"1"}]},\
                "data":{"params":[{"key":"b","value":""},{"key":"lr","value":"0.1"}]\(more)}}}
                """
            }
            #expect(answer.status == 200)
            #expect(answer.text == whole("PENDING", model.createdAt, ""))
            try await server.check([.ok("GET logged-models/\(id)", "", answer.text)])
            for (status, name) in [
                ("\"LOGGED_MODEL_READY\"", "READY"), ("3", "UPLOAD_FAILED"), ("\"2\"", "READY"),
            ] {
                let patched = try await server.mlflow(
                    "PATCH logged-models/\(id)", #"{"model_id":"\#(id)","status":\#(status)}"#)
                let updated = try await server.store.loggedModel(id).updatedAt
                #expect(patched.text == whole(name, updated, ""))
            }
        }
    }

    @Test func `what was measured of a model comes with it`() async throws {
        try await withServer { server in
            let run = try await server.begin()
            let id = try await server.store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            try await server.check(
                [
                    .ok(
                        "POST runs/log-metric",
                        """
                        {"run_id":"@run","key":"acc","value":"NaN","timestamp":5,"step":1,"model_id":"\(id)",\
                        "dataset_name":"d","dataset_digest":"1"}
                        """),
                    .ok(
                        "POST runs/log-batch",
                        """
                        {"run_id":"@run","metrics":[\
                        {"key":"loss","value":"Infinity","timestamp":6,"model_id":"\(id)"},\
                        {"key":"loss","value":1,"timestamp":7}]}
                        """),
                    .refused(
                        "POST runs/log-metric",
                        #"{"run_id":"@run","key":"x","value":1,"timestamp":5,"model_id":"\#(Self.nobody)"}"#,
                        Self.unknown, .badRequest),
                ], run: run.description)
            let answer = try await server.mlflow("GET logged-models/\(id)")
            let metrics = """
                "data":{"metrics":[{"key":"acc","value":"NaN","timestamp":5,"step":1,"dataset_name":"d",\
                "dataset_digest":"1","model_id":"\(id)","run_id":"\(run)"},{"key":"loss",\
                "value":1.7976931348623157e+308,"timestamp":6,"step":0,"model_id":"\(id)","run_id":"\(run)"}]}}}
                """
            #expect(answer.text.hasSuffix(metrics), "\(answer.text)")
        }
    }

    @Test(arguments: [(points: 999, params: 0), (1000, 1), (1001, 0), (2500, 1)])
    func `many points are written in pieces, and none is lost`(points: Int, params: Int) async throws {
        try await withServer { server in
            let run = try await server.begin()
            var expected: [Int64] = []
            var ids: [String] = []
            for _ in 0..<2 {
                let id = try await server.store.createLoggedModel(
                    NewLoggedModel(experiment: 0, name: "n", params: params == 0 ? [:] : ["p": "1"])
                ).id
                ids.append(id)
                for start in stride(from: 0, to: points, by: 1000) {
                    let part = (start..<min(points, start + 1000)).map { number in
                        PointLink(
                            MetricPoint(
                                key: "k\(number % 2)", value: 1, step: Int64(number),
                                timestamp: Timestamp(milliseconds: 5)), model: id)
                    }
                    try await server.store.log(run, points: [], params: [:], tags: [:], links: part)
                }
                expected =
                    stride(from: 0, to: points, by: 2).map { Int64($0) }
                    + stride(from: 1, to: points, by: 2).map { Int64($0) }
            }
            let body = #"{"experiment_ids":["0"],"order_by":[{"field_name":"model_id"}]}"#
            let answer = try JSONValue(try await server.mlflow("POST logged-models/search", body))
            let models = try #require(answer["models"]).elements
            #expect(models.compactMap { $0["info"]?["model_id"]?.text } == ids.sorted())
            for model in models {
                let steps = model["data"]?["metrics"]?.elements.map { $0["step"] }
                #expect(steps == expected.map { .integer($0) })
                #expect(model["data"]?["params"]?.elements.count == (params == 0 ? nil : 1))
            }
        }
    }

    @Test func `tags and params of a model`() async throws {
        try await withServer { server in
            let id = try await server.store.createLoggedModel(
                NewLoggedModel(experiment: 0, params: ["p": "1"], tags: ["a": "1"])
            ).id
            let model = "logged-models/\(id)"
            let log = { (params: String) in #"{"model_id":"\#(id)","params":[\#(params)]}"# }
            try await server.check([
                .ok("PATCH \(model)/tags", "{}"), .ok("PATCH \(model)/tags", ""),
                .ok(
                    "PATCH \(model)/tags",
                    #"{"tags":[{"key":"a","value":"2"},{"key":"b c","value":"x"},{"key":"a","value":"3"}]}"#),
                .ok("PATCH \(model)/tags", #"{"tags":[{"value":"no key"}]}"#),
                .ok("DELETE \(model)/tags/b%20c"),
                .refused(
                    "DELETE \(model)/tags/b%20c", "",
                    "No tag with key 'b c' found for model with ID '\(id)'.",
                    .resourceDoesNotExist),
                .ok("POST \(model)/params", log(#"{"key":"q","value":"2"},{"key":"e"}"#)),
                .ok("POST \(model)/params", log(#"{"key":"p","value":"1"}"#)),
                .refused(
                    "POST \(model)/params", log(#"{"key":"new","value":"1"},{"key":"p","value":"9"}"#),
                    "param 'p' was logged as '1' and cannot become '9'; params of a logged model never change "
                        + "(\(id))", .badRequest),
                .refused(
                    "POST \(model)/params", log(#"{"key":"x","value":"1"},{"key":"x","value":"1"}"#),
                    "the param 'x' is given twice", .badRequest),
            ])
            let found = try await server.store.loggedModel(id)
            #expect(found.tags == ["a": "3", "": "no key"])
            #expect(found.params == ["p": "1", "q": "2", "e": ""])
        }
    }

    @Test func `a deleted model is not found, unless it may be`() async throws {
        try await withServer { server in
            let id = try await server.store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let gone = "Logged model with ID '\(id)' not found."
            let model = "logged-models/\(id)"
            try await server.check([
                .ok("DELETE \(model)"), .ok("DELETE \(model)", "{}"),
                .refused("GET \(model)", "", gone, .resourceDoesNotExist),
                .refused("GET \(model)?allow_deleted=false", "", gone, .resourceDoesNotExist),
                .refused("GET \(model)/artifacts/directories", "", gone, .resourceDoesNotExist),
                .ok("POST logged-models/search", #"{"experiment_ids":["0"]}"#),
                .ok("PATCH \(model)/tags", #"{"tags":[{"key":"a","value":"1"}]}"#),
                .refused(
                    "GET \(model)?allow_deleted=maybe", "",
                    "Invalid boolean value: maybe, must be 'true' or 'false'."),
            ])
            let found = try await server.mlflow("GET \(model)?allow_deleted=TRUE")
            #expect(try JSONValue(found)["model"]?["info"]?["model_id"] == .text(id))
        }
    }

    @Test func `folders of a model's files are listed`() async throws {
        try await withServer { server in
            let model = try await server.store.createLoggedModel(NewLoggedModel(experiment: 0))
            let folder = "0/models/\(model.id)/artifacts"
            for (path, bytes) in [("MLmodel", 3), ("data/a.bin", 5), ("data/deep/b.bin", 1), ("data.txt", 2)]
            {
                try await server.store.takeIn { upload in
                    try await upload.append([UInt8](repeating: 0, count: bytes))
                    _ = try await upload.keep(as: ArtifactPath("\(folder)/\(path)"))
                }
            }
            let list = "GET logged-models/\(model.id)/artifacts/directories"
            let root = "{\"root_uri\":\"mlflow-artifacts:/\(folder)\""
            let data =
                #"{"path":"data/a.bin","is_dir":false,"file_size":5},{"path":"data/deep","is_dir":true}"#
            try await server.check([
                .ok(
                    list, "",
                    """
                    \(root),"files":[{"path":"MLmodel","is_dir":false,"file_size":3},{"path":"data","is_dir":true},\
                    {"path":"data.txt","is_dir":false,"file_size":2}]}
                    """),
                .ok("\(list)?artifact_directory_path=data", "", "\(root),\"files\":[\(data)]}"),
                .ok("\(list)?artifact_directory_path=missing", "", "\(root)}"),
                .ok("\(list)?artifact_directory_path=MLmodel", "", "\(root)}"),
                .refused("\(list)?artifact_directory_path=../..", "", "Invalid path"),
                .refused("\(list)?artifact_directory_path=/data", "", "Invalid path"),
                .refused("\(list)?artifact_directory_path=data%2523x", "", "Invalid path"),
                .ok("\(list)?artifact_directory_path=a%5Cb", "", "\(root)}"),
            ])
        }
    }

    @Test func `models that cannot be are refused in MLflow's words`() async throws {
        try await withServer { server in
            let body = { (fields: String) in #"{"experiment_id":"0",\#(fields)}"# }
            let name = { (name: String) in
                "Invalid model name (\(name)) provided. Model name must be a non-empty string and cannot contain "
                    + #"the following characters: ('/', ':', '.', '%', '"', "'")"#
            }
            try await server.check([
                .missing("experiment_id", Self.create, "{}"),
                .missing("experiment_id", Self.create, #"{"experiment_id":"","name":"n"}"#),
                .wrongType("5", "int", "experiment_id", Self.create, #"{"experiment_id":5}"#),
                .wrongType("5", "int", "name", Self.create, body(#""name":5"#)),
                .wrongType("[]", "list", "model_type", Self.create, body(#""model_type":[]"#)),
                .wrongType("1.5", "float", "source_run_id", Self.create, body(#""source_run_id":1.5"#)),
                .wrongType("\"p\"", "str", "params", Self.create, body(#""params":"p""#)),
                .wrongType("5", "int", "params[0]", Self.create, body(#""params":[5]"#)),
                .wrongType("true", "bool", "tags[0].value", Self.create, body(#""tags":[{"value":true}]"#)),
                .refused(
                    Self.create, #"{"experiment_id":"abc"}"#,
                    "Invalid experiment ID 'abc'. Experiment ID must be a valid integer."),
                .refused(
                    Self.create, #"{"experiment_id":"77"}"#, "No Experiment with id=77 exists",
                    .resourceDoesNotExist),
                .refused(Self.create, body(#""name":"a/b""#), name("'a/b'")),
                .refused(Self.create, body(#""name":"a'b""#), name("\"a'b\"")),
                .refused(Self.create, body(#""name":"a\"b""#), name("'a\"b'")),
                .refused(Self.create, body(#""name":"a:\u0301""#), name("'a:\u{301}'")),
                .refused(
                    Self.create, body(#""tags":[{"key":"a"},{"key":"a"}]"#), "the tag 'a' is given twice",
                    .badRequest),
                .refused(
                    Self.create, body(#""params":[{"key":"a"},{"key":"a","value":"1"}]"#),
                    "the param 'a' is given twice", .badRequest),
                .refused(
                    Self.create, body(#""name":"\#(String(repeating: "n", count: 8001))""#),
                    "model name: 8001 characters; at most 8000 fit"),
                .ok("POST logged-models/search", #"{"experiment_ids":["0"]}"#),
            ])
            for name in ["a.b", "a:b", "a%b"] {
                let answer = try await server.mlflow(Self.create, body(#""name":"\#(name)""#))
                #expect(
                    answer.status == 400 && answer.text.contains("Invalid model name ('\(name)') provided."))
            }
            try await server.store.deleteExperiment(0)
            try await server.check([
                .refused(
                    Self.create, #"{"experiment_id":"0"}"#,
                    "The experiment 0 must be in the 'active' state. Current state is deleted.")
            ])
        }
    }

    @Test func `calls that cannot be are refused in MLflow's words`() async throws {
        try await withServer { server in
            let id = try await server.store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let model = "logged-models/\(id)"
            let other = "logged-models/\(Self.nobody)"
            let states = "LOGGED_MODEL_PENDING, LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED"
            let patch = { (status: String) in #"{"model_id":"\#(id)","status":\#(status)}"# }
            try await server.check([
                .missing("model_id", "PATCH \(model)", #"{"status":2}"#),
                .missing("status", "PATCH \(model)", #"{"model_id":"\#(id)"}"#),
                .refused(
                    "PATCH \(model)", patch("99"),
                    "Invalid value 99 for parameter 'status' supplied: It should be one of \(states)."),
                .refused(
                    "PATCH \(model)", patch("\"X\""),
                    "Invalid value \"X\" for parameter 'status' supplied: It should be one of \(states)."),
                .wrongType("[]", "list", "status", "PATCH \(model)", patch("[]")),
                .refused(
                    "PATCH \(model)", #"{"model_id":"\#(Self.nobody)","status":2}"#,
                    "Invalid value \"\(Self.nobody)\" for parameter 'model_id' supplied: "
                        + "The address names the model '\(id)'."),
                .refused(
                    "PATCH \(other)", #"{"model_id":"\#(Self.nobody)","status":2}"#, Self.unknown,
                    .resourceDoesNotExist),
                .refused("GET \(other)", "", Self.unknown, .resourceDoesNotExist),
                .refused(
                    "GET logged-models/net", "", "Logged model with ID 'net' not found.",
                    .resourceDoesNotExist),
                .refused("DELETE \(other)", "", Self.unknown, .resourceDoesNotExist),
                .refused("PATCH \(other)/tags", "{}", Self.unknown, .resourceDoesNotExist),
                .refused("DELETE \(other)/tags/a", "", Self.unknown, .resourceDoesNotExist),
                .refused("GET \(other)/artifacts/directories", "", Self.unknown, .resourceDoesNotExist),
                .refused(
                    "POST \(other)/params", #"{"model_id":"\#(Self.nobody)"}"#, Self.unknown,
                    .resourceDoesNotExist),
                .missing("model_id", "POST \(model)/params", #"{"params":[]}"#),
                .wrongType(
                    "5", "int", "params", "POST \(model)/params", #"{"model_id":"\#(id)","params":5}"#),
                .wrongType("\"t\"", "str", "tags", "PATCH \(model)/tags", #"{"tags":"t"}"#),
                .wrongType("5", "int", "tags[0].key", "PATCH \(model)/tags", #"{"tags":[{"key":5}]}"#),
                .refused(
                    "PATCH \(model)/tags", #"{"tags":[{"key":"\#(String(repeating: "k", count: 256))"}]}"#,
                    "tag key: 256 characters; at most 255 fit"),
                .refused(
                    "PATCH \(model)/tags", #"{"tags":[{"key":"a","value":"x\u0000"}]}"#,
                    "tag 'a': it has a NUL character"),
                .refused("DELETE \(model)/tags/x/y", "", "there is no such endpoint", .endpointNotFound),
            ])
            let found = try await server.store.loggedModel(id)
            #expect(found.status == .pending && found.tags.isEmpty && found.params.isEmpty)
        }
    }
}
