import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RegisteredModelEndpointsTests {
    private static let none = "Registered Model with name=none not found"
    private static let long = String(repeating: "n", count: 501)
    private static let badPath =
        "Names may be treated as files in certain cases, and must not resolve to other names when treated as such. "
    private static let badWord =
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and "
        + "slashes (/)."

    @Test func `a model is made, asked for, described, renamed and deleted`() async throws {
        try await withServer { server in
            let made = try await server.mlflow(
                "POST registered-models/create",
                #"{"name":"größe 数 ☃","description":"d","tags":[{"key":"b","value":"2"},{"key":"a"},{"key":"b","value":"3"}]}"#
            )
            let model = try await server.store.registeredModel(named: "größe 数 ☃")
            let time = model.createdAt.milliseconds
            func json(_ name: String, updated: Int64, _ description: String) -> String {
                """
                {"registered_model":{"name":"\(name)","creation_timestamp":\(time),\
                "last_updated_timestamp":\(updated),\(description)"tags":[{"key":"a","value":""},{"key":"b","value":"3"}]}}
                """
            }
            let description = #""description":"d","#
            #expect(made.text == json("größe 数 ☃", updated: time, description))
            try await server.check([
                .ok(
                    "GET registered-models/get?name=gr%C3%B6%C3%9Fe+%E6%95%B0+%E2%98%83", "",
                    json("größe 数 ☃", updated: time, description))
            ])
            let renamed = try await server.mlflow(
                "POST registered-models/rename", #"{"name":"größe 数 ☃","new_name":"a"}"#)
            let later = try await server.store.registeredModel(named: "a").updatedAt.milliseconds
            #expect(renamed.text == json("a", updated: later, description))
            // An empty description is as good as none.
            let described = try await server.mlflow("PATCH registered-models/update", #"{"name":"a"}"#)
            let latest = try await server.store.registeredModel(named: "a").updatedAt.milliseconds
            #expect(described.text == json("a", updated: latest, ""))
            try await server.check([
                .ok("DELETE registered-models/delete", #"{"name":"a"}"#),
                .refused(
                    "GET registered-models/get?name=a", "", "Registered Model with name=a not found",
                    .resourceDoesNotExist),
            ])
        }
    }

    @Test func `a model tells its versions, tags and aliases`() async throws {
        try await withServer { server in
            try await Self.fill(server)
            let model = try await server.store.registeredModel(named: "net")
            let first = try await server.store.modelVersion(ModelVersionID("net", 1))
            let second = try await server.store.modelVersion(ModelVersionID("net", 2))
            func version(_ version: ModelVersion, _ stage: String) -> String {
                let (made, updated) = (version.createdAt.milliseconds, version.updatedAt.milliseconds)
                return """
                    {"name":"net","version":"\(version.number)","creation_timestamp":\(made),\
                    "last_updated_timestamp":\(updated),"current_stage":"\(stage)","description":"",\
                    "source":"s3://bucket/m","run_id":"","status":"READY","run_link":""
                    """
            }
            let times = """
                "creation_timestamp":\(model.createdAt.milliseconds),\
                "last_updated_timestamp":\(model.updatedAt.milliseconds)
                """
            try await server.check([
                .ok(
                    "GET registered-models/get?name=net", "",
                    """
                    {"registered_model":{"name":"net",\(times),"latest_versions":[\(version(first, "Staging"))},\
                    \(version(second, "None"))}],"aliases":[{"alias":"best","version":"1"},{"alias":"worst","version":"1"}]}}
                    """),
                .ok(
                    "POST registered-models/get-latest-versions", #"{"name":"net","stages":["staging"]}"#,
                    """
                    {"model_versions":[\(version(first, "Staging")),"aliases":["best","worst"]}]}
                    """),
                .ok(
                    "GET registered-models/get-latest-versions?name=net&stages=None&stages=Production", "",
                    """
                    {"model_versions":[\(version(second, "None"))}]}
                    """),
                .ok("GET registered-models/get-latest-versions?name=net&stages=Archived"),
                .ok(
                    "GET registered-models/alias?name=net&alias=best", "",
                    """
                    {"model_version":\(version(first, "Staging")),"aliases":["best","worst"]}}
                    """),
                .ok(
                    "GET registered-models/alias?name=net&alias=Latest", "",
                    """
                    {"model_version":\(version(second, "None"))}}
                    """),
                .ok("DELETE registered-models/alias", #"{"name":"net","alias":"best"}"#),
                .ok("DELETE registered-models/alias", #"{"name":"net","alias":"best"}"#),
                .refused(
                    "GET registered-models/alias?name=net&alias=best", "",
                    "Registered model alias best not found."),
            ])
        }
    }

    @Test func `tags are set and taken away`() async throws {
        try await withServer { server in
            let value = String(repeating: "v", count: 100_000)
            try await server.check([
                .refused(
                    "POST registered-models/set-tag", #"{"name":"none","key":"k"}"#, Self.none,
                    .resourceDoesNotExist)
            ])
            _ = try await server.store.createRegisteredModel(NewRegisteredModel(name: "a"))
            try await server.check([
                .ok("POST registered-models/set-tag", #"{"name":"a","key":"k","value":"\#(value)"}"#),
                .ok("POST registered-models/set-tag", #"{"name":"a","key":"none"}"#),
                .ok("POST registered-models/set-tag", #"{"name":"a","key":"l","value":"1"}"#),
                .ok("DELETE registered-models/delete-tag", #"{"name":"a","key":"l"}"#),
                .ok("DELETE registered-models/delete-tag", #"{"name":"a","key":"l"}"#),
                .refused(
                    "POST registered-models/set-tag", #"{"name":"a","key":"k","value":"\#(value)v"}"#,
                    "'value' exceeds the maximum length of 100000 characters"),
                .refused(
                    "POST registered-models/set-tag", #"{"name":"a","key":"\#(Self.long.prefix(251))"}"#,
                    "'key' exceeds the maximum length of 250 characters"),
                .refused(
                    "POST registered-models/set-tag", #"{"name":"a","key":"a#b"}"#,
                    "Invalid value \"a#b\" for parameter 'key' supplied: \(Self.badWord)"),
                .refused(
                    "DELETE registered-models/delete-tag", #"{"name":"a","key":"../a"}"#,
                    "Invalid value \"../a\" for parameter 'key' supplied: \(Self.badPath)"
                        + "This name would resolve to '../a'"),
            ])
            #expect(try await server.store.registeredModel(named: "a").tags == ["k": value, "none": ""])
        }
    }

    @Test(
        arguments: [
            ("a/b", "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
            ("a:b", "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
            ("/\u{301}", "Invalid model name '/\u{301}'. Names cannot contain '/' or ':'."),
            (
                ".",
                "Invalid value \".\" for parameter 'name' supplied: \(badPath)This name would resolve to '.'"
            ),
            (
                "..",
                "Invalid value \"..\" for parameter 'name' supplied: \(badPath)This name would resolve to '..'"
            ),
            (
                "..a",
                "Invalid value \"..a\" for parameter 'name' supplied: \(badPath)This name would resolve to '..a'"
            ),
            (long, "'name' exceeds the maximum length of 500 characters"),
            (" \t", "Missing value for required parameter 'name'."),
        ])
    func `names that cannot be are refused everywhere`(name: String, message: String) async throws {
        try await withServer { server in
            var writer = JSONWriter()
            writer.write([
                "name": .text(name), "new_name": .text("b"), "key": .text("k"), "alias": .text("a"),
                "version": .text("1"),
            ])
            let body = String(decoding: writer.bytes, as: UTF8.self)
            let calls = [
                "POST registered-models/create", "POST registered-models/rename",
                "PATCH registered-models/update", "DELETE registered-models/delete",
                "POST registered-models/get-latest-versions", "POST registered-models/set-tag",
                "DELETE registered-models/delete-tag", "POST registered-models/alias",
                "DELETE registered-models/alias",
            ]
            try await server.check(calls.map { .refused($0, body, message) })
            let query = PercentEncoding.encode(name)
            try await server.check([
                .refused("GET registered-models/get?name=\(query)", "", message),
                .refused("GET registered-models/alias?alias=a&name=\(query)", "", message),
            ])
            let found = try await server.store.searchRegisteredModels(RegisteredModelQuestion(limit: 9))
            #expect(found.things == [])
        }
    }

    @Test(arguments: [
        "a\\b", "a\nb", "a%b", "a#b", "a?b", "a\"b", " a ", "a..", ".a", "☃", String(long.prefix(500)),
    ])
    func `other names are taken`(name: String) async throws {
        try await withServer { server in
            var writer = JSONWriter()
            writer.write(["name": .text(name)])
            let body = String(decoding: writer.bytes, as: UTF8.self)
            let made = try await server.mlflow("POST registered-models/create", body)
            #expect(made.status == 200)
            #expect(try await server.store.registeredModel(named: name).name == name)
            #expect(try await server.mlflow("DELETE registered-models/delete", body).text == "{}")
        }
    }

    @Test func `what cannot be is refused in MLflow's words`() async throws {
        try await withServer { server in
            let path = "registered-models"
            try await Self.fill(server)
            try await server.check([
                .missing("name", "POST \(path)/create", "{}"),
                .missing("name", "POST \(path)/create", #"{"name":""}"#),
                .wrongType("5", "int", "name", "POST \(path)/create", #"{"name":5}"#),
                .wrongType("\"t\"", "str", "tags", "POST \(path)/create", #"{"name":"a","tags":"t"}"#),
                .wrongType(
                    "5", "int", "description", "POST \(path)/create", #"{"name":"a","description":5}"#),
                .refused(
                    "POST \(path)/create", #"{"name":"net"}"#, "Registered Model (name=net) already exists.",
                    .resourceAlreadyExists),
                .refused(
                    "POST \(path)/create", #"{"name":"a","tags":[{"key":"a#b"}]}"#,
                    "Invalid value \"a#b\" for parameter 'key' supplied: \(Self.badWord)"),
                .refused(
                    "POST \(path)/create",
                    #"{"name":"a","description":"\#(String(repeating: "d", count: 100_001))"}"#,
                    "'description' exceeds the maximum length of 100000 characters"),
                .missing("name", "GET \(path)/get"), .missing("name", "PATCH \(path)/update", "{}"),
                .missing("new_name", "POST \(path)/rename", #"{"name":"net"}"#),
                .missing("name", "POST \(path)/rename", #"{"new_name":"net"}"#),
                .refused(
                    "POST \(path)/rename", #"{"name":"net","new_name":" "}"#,
                    "Missing value for required parameter 'new_name'."),
                .refused(
                    "POST \(path)/rename", #"{"name":"net","new_name":"\#(Self.long)"}"#,
                    "'new_name' exceeds the maximum length of 500 characters"),
                .refused(
                    "POST \(path)/rename", #"{"name":"other","new_name":"net"}"#,
                    "Registered Model (name=net) already exists.", .resourceAlreadyExists),
                .missing("name", "DELETE \(path)/delete", "{}"),
                .missing("name", "POST \(path)/get-latest-versions", "{}"),
                .wrongType(
                    "\"None\"", "str", "stages", "POST \(path)/get-latest-versions",
                    #"{"name":"net","stages":"None"}"#),
                .refused(
                    "GET \(path)/get-latest-versions?name=net&stages=Retired", "",
                    "Invalid Model Version stage: Retired. Value must be one of None, Staging, Production, Archived."
                ),
                .refused(
                    "GET \(path)/get-latest-versions?name=none&stages=Retired", "", Self.none,
                    .resourceDoesNotExist),
                .missing("name", "POST \(path)/set-tag", #"{"key":"k"}"#),
                .missing("key", "POST \(path)/set-tag", #"{"name":"net"}"#),
                .wrongType(
                    "5", "int", "value", "POST \(path)/set-tag", #"{"name":"net","key":"k","value":5}"#),
                .missing("key", "DELETE \(path)/delete-tag", #"{"name":"net"}"#),
            ])
        }
    }

    @Test func `aliases that cannot be are refused`() async throws {
        try await withServer { server in
            try await Self.fill(server)
            let alias = "POST registered-models/alias"
            func body(_ alias: String, _ version: String = "1", _ name: String = "net") -> String {
                #"{"name":"\#(name)","alias":"\#(alias)","version":"\#(version)"}"#
            }
            try await server.check([
                .missing("alias", alias, #"{"name":"net"}"#),
                .missing("version", alias, #"{"name":"net","alias":"a"}"#),
                .wrongType("1", "int", "version", alias, #"{"name":"net","alias":"a","version":1}"#),
                .refused(alias, body("v1"), "Version alias name 'v1' is reserved."),
                .refused(alias, body("LATEST"), "'latest' alias name (case insensitive) is reserved."),
                .refused(
                    alias, body("a b"),
                    "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-)."
                ),
                .refused(
                    alias, body(String(Self.long.prefix(256))),
                    "'Registered model alias name' exceeds the maximum length of 255 characters"),
                .refused(alias, body("a", "x"), "Parameter 'version' must be an integer, got 'x'."),
                .refused(
                    alias, body("a", "9"), "Model Version (name=net, version=9) not found",
                    .resourceDoesNotExist),
                .refused(
                    alias, body("a", "1", "none"), "Model Version (name=none, version=1) not found",
                    .resourceDoesNotExist),
                .missing("alias", "GET registered-models/alias?name=net"),
                .missing("alias", "DELETE registered-models/alias", #"{"name":"net"}"#),
                .refused(
                    "GET registered-models/alias?name=none&alias=a", "", Self.none, .resourceDoesNotExist),
                .refused(
                    "DELETE registered-models/alias", #"{"name":"none","alias":"a"}"#, Self.none,
                    .resourceDoesNotExist),
                .refused(
                    "GET registered-models/alias?name=other&alias=latest", "",
                    "Latest version not found for model other.", .resourceDoesNotExist),
                // What cannot be set may be asked for.
                .refused(
                    "GET registered-models/alias?name=net&alias=v1", "",
                    "Registered model alias v1 not found."),
                .ok("DELETE registered-models/alias", #"{"name":"net","alias":"v1"}"#),
            ])
            #expect(try await server.store.registeredModel(named: "net").aliases == ["best": 1, "worst": 1])
        }
    }

    /// The model `net` with two versions and two aliases, and the model `other` without.
    private static func fill(_ server: RunningServer) async throws {
        for name in ["net", "other"] {
            _ = try await server.store.createRegisteredModel(NewRegisteredModel(name: name))
        }
        let version = #"{"name":"net","source":"s3://bucket/m"}"#
        for _ in 0..<2 {
            #expect(try await server.mlflow("POST model-versions/create", version).status == 200)
        }
        #expect(
            try await server.mlflow(
                "POST model-versions/transition-stage", #"{"name":"net","version":"1","stage":"STAGING"}"#
            ).status == 200)
        try await server.check(
            ["best", "worst"].map { alias in
                .ok("POST registered-models/alias", #"{"name":"net","alias":"\#(alias)","version":" 01 "}"#)
            })
    }
}
