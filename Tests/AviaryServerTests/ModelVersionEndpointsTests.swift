import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct ModelVersionEndpointsTests {
    private static let path = "model-versions"
    private static let create = "POST model-versions/create"

    @Test func `a version is made, asked for, described, moved and deleted`() async throws {
        try await withModel { server in
            let run = try await server.begin().description
            let source = "mlflow-artifacts:/1/\(run)/artifacts/model"
            let made = try await server.mlflow(
                Self.create,
                #"{"name":"net","source":"\#(source)","run_id":"\#(run)","tags":[{"key":"k","value":"v"}],"#
                    + #""run_link":"http://link","description":"d"}"#)
            let time = try await server.store.modelVersion(ModelVersionID("net", 1)).createdAt.milliseconds
            func json(_ stage: String = "None", updated: Int64, _ description: String) -> String {
                """
                {"model_version":{"name":"net","version":"1","creation_timestamp":\(time),\
                "last_updated_timestamp":\(updated),"current_stage":"\(stage)",\(description)"source":"\(source)",\
                "run_id":"\(run)","status":"READY","run_link":"http://link","tags":[{"key":"k","value":"v"}]}}
                """
            }
            #expect(made.text == json(updated: time, #""description":"d","#))
            let get = "GET model-versions/get?name=net&version"
            try await server.check([
                .ok("\(get)=1", "", json(updated: time, #""description":"d","#)),
                .ok("\(get)=%201%20", "", json(updated: time, #""description":"d","#)),
                .ok("\(get)=%2B001", "", json(updated: time, #""description":"d","#)),
                .ok(
                    "GET model-versions/get-download-uri?name=net&version=1", "",
                    #"{"artifact_uri":"\#(source)"}"#),
            ])
            let described = try await server.mlflow(
                "PATCH model-versions/update", #"{"name":"net","version":"1","description":""}"#)
            let later = try await server.store.modelVersion(ModelVersionID("net", 1)).updatedAt.milliseconds
            #expect(described.text == json(updated: later, #""description":"","#))
            // Without a description there is none, which differs from an empty one.
            let bare = try await server.mlflow(
                "PATCH model-versions/update", #"{"name":"net","version":"1"}"#)
            let again = try await server.store.modelVersion(ModelVersionID("net", 1)).updatedAt.milliseconds
            #expect(bare.text == json(updated: again, ""))
            let moved = try await server.mlflow(
                "POST model-versions/transition-stage", #"{"name":"net","version":"1","stage":"production"}"#)
            let last = try await server.store.modelVersion(ModelVersionID("net", 1)).updatedAt.milliseconds
            #expect(moved.text == json("Production", updated: last, ""))
            let gone = "Model Version (name=net, version=1) not found"
            try await server.check([
                .ok("DELETE model-versions/delete", #"{"name":"net","version":"1"}"#),
                .refused("\(get)=1", "", gone, .resourceDoesNotExist),
                .refused(
                    "DELETE model-versions/delete", #"{"name":"net","version":"1"}"#, gone,
                    .resourceDoesNotExist),
            ])
        }
    }

    @Test func `what nobody said of a version is empty`() async throws {
        try await withModel { server in
            let made = try await server.mlflow(Self.create, #"{"name":"net","source":"s3://bucket/m"}"#)
            let version = try JSONValue(made)["model_version"]
            for field in ["run_id", "run_link", "description"] { #expect(version?[field] == .text("")) }
            #expect(version?["aliases"] == nil)
            #expect(version?["tags"] == nil)
            #expect(version?["user_id"] == nil)
        }
    }

    @Test func `a copy has what it is a copy of`() async throws {
        try await withModel { server in
            let run = try await server.begin().description
            let source = "mlflow-artifacts:/1/\(run)/artifacts/model"
            try await Self.make(server, #"{"name":"net","source":"\#(source)","run_id":"\#(run)"}"#)
            try await server.check([
                .ok("POST registered-models/alias", #"{"name":"net","alias":"best","version":"1"}"#)
            ])
            for copied in ["models:/net/1", "models:/net@best"] {
                let made = try await server.mlflow(Self.create, #"{"name":"copy","source":"\#(copied)"}"#)
                let version = try JSONValue(made)["model_version"]
                #expect(version?["source"] == .text("models:/net/1"))
                #expect(version?["run_id"] == .text(run))
            }
            try await server.check([
                .ok(
                    "GET model-versions/get-download-uri?name=copy&version=2", "",
                    #"{"artifact_uri":"\#(source)"}"#)
            ])
        }
    }

    @Test func `stages give way where it is asked for`() async throws {
        try await withModel { server in
            for _ in 0..<3 { try await Self.make(server, #"{"name":"net","source":"s3://b/m"}"#) }
            func move(_ version: Int, _ stage: String, _ archive: String = "") -> String {
                #"{"name":"net","version":"\#(version)","stage":"\#(stage)"\#(archive)}"#
            }
            let transition = "POST model-versions/transition-stage"
            let archive = #","archive_existing_versions":true"#
            for body in [move(1, "Staging"), move(2, "Staging"), move(3, "staging", archive)] {
                #expect(try await server.mlflow(transition, body).status == 200)
            }
            var stages: [ModelStage] = []
            for number in Int64(1)...3 {
                stages.append(try await server.store.modelVersion(ModelVersionID("net", number)).stage)
            }
            #expect(stages == [.archived, .archived, .staging])
            let words = "Model version transition cannot archive existing model versions because"
            try await server.check([
                .refused(
                    transition, move(1, "archived", archive),
                    "\(words) 'archived' is not an Active stage. Valid stages are ['Staging', 'Production']"),
                .refused(
                    transition, move(1, "none", archive),
                    "\(words) 'none' is not an Active stage. Valid stages are ['Staging', 'Production']"),
                .refused(
                    transition, move(1, "Retired"),
                    "Invalid Model Version stage: Retired. Value must be one of None, Staging, Production, Archived."
                ),
                .missing("stage", transition, move(1, "")),
                .wrongType(
                    "\"yes\"", "str", "archive_existing_versions", transition,
                    move(1, "Staging", #","archive_existing_versions":"yes""#)),
            ])
        }
    }

    @Test func `tags are set and taken away`() async throws {
        try await withModel { server in
            try await Self.make(
                server, #"{"name":"net","source":"s3://b/m","tags":[{"key":"a","value":"1"}]}"#)
            let long = String(repeating: "v", count: 100_001)
            try await server.check([
                .ok("POST \(Self.path)/set-tag", #"{"name":"net","version":"1","key":"k","value":"v"}"#),
                .ok("POST \(Self.path)/set-tag", #"{"name":"net","version":"1","key":"none"}"#),
                .ok("DELETE \(Self.path)/delete-tag", #"{"name":"net","version":"1","key":"a"}"#),
                .ok("DELETE \(Self.path)/delete-tag", #"{"name":"net","version":"1","key":"a"}"#),
                .refused(
                    "POST \(Self.path)/set-tag",
                    #"{"name":"net","version":"1","key":"k","value":"\#(long)"}"#,
                    "'value' exceeds the maximum length of 100000 characters"),
                .refused(
                    "POST \(Self.path)/set-tag",
                    #"{"name":"net","version":"1","key":"mlflow.prompt.text","value":"\#(long)"}"#,
                    "Prompt text exceeds max length of 100000 characters."),
                .refused(
                    "POST \(Self.path)/set-tag",
                    #"{"name":"net","version":"1","key":"\#(long.prefix(251))"}"#,
                    "'key' exceeds the maximum length of 250 characters"),
            ])
            #expect(
                try await server.store.modelVersion(ModelVersionID("net", 1)).tags == ["k": "v", "none": ""])
        }
    }

    @Test(
        arguments: [
            ("0", "0"), ("-1", "-1"), ("9", "9"), ("99999999999999999999", "99999999999999999999"),
            ("-99999999999999999999", "-99999999999999999999"), ("000", "0"), ("-0", "0"),
        ])
    func `a number that no version has is not found`(given: String, told: String) async throws {
        try await withModel { server in
            let version = #"{"name":"net","version":"\#(given)","stage":"Staging","key":"k","alias":"a"}"#
            let message = "Model Version (name=net, version=\(told)) not found"
            for call in [
                "PATCH model-versions/update", "DELETE model-versions/delete",
                "POST model-versions/transition-stage", "POST model-versions/set-tag",
                "DELETE model-versions/delete-tag", "POST registered-models/alias",
            ] {
                try await server.check([.refused(call, version, message, .resourceDoesNotExist)])
            }
            for call in ["get", "get-download-uri"] {
                try await server.check([
                    .refused(
                        "GET model-versions/\(call)?name=net&version=\(given)", "", message,
                        .resourceDoesNotExist)
                ])
            }
        }
    }

    @Test func `what cannot be is refused in MLflow's words`() async throws {
        try await withModel { server in
            let long = String(repeating: "x", count: 2049)
            let notAbsolute =
                "If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an "
                + "absolute path must be provided without relative path references present. Please provide an absolute "
                + "path."
            let noInteger = "Parameter 'version' must be an integer, got"
            try await server.check([
                .missing("name", Self.create, #"{"source":"s3://b/x"}"#),
                .missing("source", Self.create, #"{"name":"net"}"#),
                .missing("source", Self.create, #"{"name":"net","source":""}"#),
                .wrongType("5", "int", "source", Self.create, #"{"name":"net","source":5}"#),
                .wrongType(
                    "5", "int", "run_id", Self.create, #"{"name":"net","source":"s3://b/x","run_id":5}"#),
                .wrongType(
                    "5", "int", "model_id", Self.create, #"{"name":"net","source":"s3://b/x","model_id":5}"#),
                .refused(
                    Self.create, #"{"name":"net","source":"\#(long)"}"#,
                    "'source' exceeds the maximum length of 2048 characters"),
                .refused(
                    Self.create, #"{"name":"net","source":"s3://b/x","run_link":"\#(long)"}"#,
                    "'run_link' exceeds the maximum length of 2048 characters"),
                .refused(
                    Self.create, #"{"name":"net","source":"s3://b/x","run_id":"\#(long.prefix(251))"}"#,
                    "'run_id' exceeds the maximum length of 250 characters"),
                .refused(
                    Self.create, #"{"name":"net","source":"s3://b/x","model_id":"\#(long.prefix(251))"}"#,
                    "'model_id' exceeds the maximum length of 250 characters"),
                .refused(
                    Self.create, #"{"name":"a:b","source":"s3://b/x"}"#,
                    "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
                .refused(
                    Self.create, #"{"name":"none","source":"s3://b/x"}"#,
                    "Registered Model with name=none not found", .resourceDoesNotExist),
                .refused(
                    Self.create, #"{"name":"net","source":"s3://b/../x"}"#,
                    "Invalid model version source: 's3://b/../x'. \(notAbsolute)"),
                .refused(
                    Self.create, #"{"name":"net","source":"mlflow-artifacts:/1/x"}"#,
                    "Invalid model version source: 'mlflow-artifacts:/1/x'. The run_id request parameter must identify "
                        + "the resource that contains the source."),
                .refused(
                    Self.create, #"{"name":"net","source":"/etc/passwd"}"#,
                    "Invalid model version source: '/etc/passwd'. To use a local path as a model version source, the "
                        + "run_id request parameter has to be specified and the local path has to be contained within "
                        + "the artifact directory of the run specified by the run_id."),
                .refused(
                    Self.create, #"{"name":"net","source":"models:/none/1"}"#,
                    "Registered Model with name=none not found", .resourceDoesNotExist),
                .refused(
                    Self.create, #"{"name":"net","source":"models:/copy/Production"}"#,
                    "No versions of model with name 'copy' and stage 'Production' found",
                    .resourceDoesNotExist),
                .refused(
                    Self.create, #"{"name":"net","source":"s3://b/x","model_id":"m-none"}"#,
                    "Logged model with ID 'm-none' not found.", .resourceDoesNotExist),
                .missing("name", "GET model-versions/get"),
                .missing("version", "GET model-versions/get?name=net"),
                .refused("GET model-versions/get?name=net&version=x", "", "\(noInteger) 'x'."),
                .refused("GET model-versions/get?name=net&version=1.5", "", "\(noInteger) '1.5'."),
                .refused("GET model-versions/get?name=net&version=-", "", "\(noInteger) '-'."),
                .refused(
                    "GET model-versions/get-download-uri", "", "Missing value for required parameter 'name'."),
                .refused("GET model-versions/get-download-uri?name=net", "", "\(noInteger) ''."),
                .missing("version", "PATCH model-versions/update", #"{"name":"net"}"#),
                .missing("version", "DELETE model-versions/delete", #"{"name":"net"}"#),
                .missing("key", "POST model-versions/set-tag", #"{"name":"net","version":"1"}"#),
                .wrongType(
                    "1", "int", "version", "POST model-versions/set-tag",
                    #"{"name":"net","version":1,"key":"k"}"#),
                .missing("key", "DELETE model-versions/delete-tag", #"{"name":"net","version":"1"}"#),
            ])
            let latest = try await server.store.latestVersions(of: "net")
            #expect(latest == [])
        }
    }

    private static func make(_ server: RunningServer, _ body: String) async throws {
        let answer = try await server.mlflow(create, body)
        #expect(answer.status == 200, "\(answer.text)")
    }

    /// A server with the registered models `net` and `copy`.
    private func withModel(_ body: (RunningServer) async throws -> Void) async throws {
        try await withServer { server in
            for name in ["net", "copy"] {
                _ = try await server.store.createRegisteredModel(NewRegisteredModel(name: name))
            }
            try await body(server)
        }
    }
}
