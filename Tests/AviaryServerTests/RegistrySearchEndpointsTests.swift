import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RegistrySearchEndpointsTests {
    private static let models = "GET registered-models/search"
    private static let versions = "GET model-versions/search"

    @Test(
        arguments: [
            ("", ["Gamma", "alpha", "beta"]), ("name LIKE '%a'", ["Gamma", "alpha", "beta"]),
            ("name = 'alpha' AND tag.`mlflow.prompt.is_prompt` != 'true'", ["alpha"]),
            ("tags.team ILIKE 'r%'", ["Gamma", "alpha"]),
            ("tags.`mlflow.prompt.is_prompt` = 'true'", ["prompt"]),
            ("name = 'alpha' OR name = 'beta'", ["alpha", "beta"]), ("name = 'none'", []),
        ])
    func `a filter finds models`(filter: String, names: [String]) async throws {
        try await withRegistry { server in
            let found = try await server.mlflow("\(Self.models)?filter=\(PercentEncoding.encode(filter))")
            #expect(try Self.names(found) == names)
            #expect(names != [] || found.text == "{}")
        }
    }

    @Test func `models come in an order, page by page`() async throws {
        try await withRegistry { server in
            var token = ""
            var pages: [[String]] = []
            repeat {
                let page = try await server.mlflow(
                    "\(Self.models)?max_results=2&order_by=name%20DESC&page_token=\(PercentEncoding.encode(token))"
                )
                pages.append(try Self.names(page))
                token = try JSONValue(page)["next_page_token"]?.text ?? ""
            } while !token.isEmpty
            #expect(pages == [["beta", "alpha"], ["Gamma"]])
            let none = try await server.mlflow("\(Self.models)?max_results=0")
            #expect(none.text == #"{"next_page_token":"\#(PageToken(offset: 0).text)"}"#)
        }
    }

    @Test(
        arguments: [
            ("", [], ["alpha 2", "Gamma 1", "alpha 1"]),
            ("name = 'alpha'", ["version_number"], ["alpha 1", "alpha 2"]),
            ("run_id = 'r'", [], ["alpha 1"]), ("run_id != 'r'", ["name"], ["Gamma 1", "alpha 2"]),
            ("version_number = '2'", [], ["alpha 2"]), ("tags.k LIKE 'v'", [], ["alpha 1"]),
            ("source_path LIKE '%/2'", [], ["alpha 2"]),
            ("tags.`mlflow.prompt.is_prompt` = 'true'", [], ["prompt 1"]),
            ("", ["name", "version_number"], ["Gamma 1", "alpha 1", "alpha 2"]),
            ("", ["creation_timestamp"], ["alpha 1", "Gamma 1", "alpha 2"]),
        ])
    func `a filter finds versions, in an order`(
        filter: String, order: [String], expected: [String]
    ) async throws {
        try await withRegistry { server in
            let query = ["filter=\(PercentEncoding.encode(filter))"] + order.map { "order_by=\($0)" }
            let found = try await server.mlflow("\(Self.versions)?\(query.joined(separator: "&"))")
            #expect(try Self.versions(found) == expected)
        }
    }

    @Test func `versions tell no aliases where several are listed`() async throws {
        try await withRegistry { server in
            try await server.store.setModelAlias("best", to: ModelVersionID("Gamma", 1))
            let found = try await server.mlflow("\(Self.versions)?filter=name%20%3D%20%27Gamma%27")
            let version = try await server.store.modelVersion(ModelVersionID("Gamma", 1))
            #expect(
                found.text == """
                    {"model_versions":[{"name":"Gamma","version":"1",\
                    "creation_timestamp":\(version.createdAt.milliseconds),\
                    "last_updated_timestamp":\(version.updatedAt.milliseconds),"current_stage":"None",\
                    "source":"s3://b/1","run_id":"","status":"READY"}]}
                    """)
        }
    }

    @Test func `versions come page by page`() async throws {
        try await withRegistry { server in
            let first = try await server.mlflow("\(Self.versions)?max_results=2&order_by=name")
            #expect(try Self.versions(first) == ["Gamma 1", "alpha 2"])
            let token = try #require(try JSONValue(first)["next_page_token"]?.text)
            let second = try await server.mlflow(
                "\(Self.versions)?max_results=2&order_by=name&page_token=\(PercentEncoding.encode(token))")
            #expect(try Self.versions(second) == ["alpha 1"])
            #expect(try JSONValue(second)["next_page_token"] == nil)
        }
    }

    private static let noVersionPage = "Invalid value for max_results. It must be a positive integer, but got"

    @Test func `what cannot be asked is said in MLflow's words`() async throws {
        try await withServer { server in
            try await server.check([
                .wrongType("\"1001\"", "str", "max_results", "\(Self.models)?max_results=1001"),
                .wrongType("\"x\"", "str", "max_results", "\(Self.models)?max_results=x"),
                .refused(
                    "\(Self.models)?max_results=-1", "",
                    "Invalid value -1 for parameter 'max_results' supplied. It must be at least 0"),
                .refused(
                    "\(Self.models)?page_token=e30%3D", "", "Invalid page token, parsed value={}"),
                .refused(
                    "\(Self.models)?filter=run_id%20%3D%20%27a%27", "",
                    "Invalid attribute key 'run_id' specified. Valid keys are '{'name'}'"),
                .refused(
                    "\(Self.models)?order_by=foo", "",
                    "Invalid order by key 'foo' specified. Valid keys are '{'timestamp', 'name'}'"),
                .refused(
                    "\(Self.models)?order_by=name&order_by=name", "",
                    "`order_by` contains duplicate fields: ['name', 'name']"),
                .wrongType("\"200001\"", "str", "max_results", "\(Self.versions)?max_results=200001"),
                .refused("\(Self.versions)?max_results=0", "", "\(Self.noVersionPage) 0"),
                .refused("\(Self.versions)?max_results=-1", "", "\(Self.noVersionPage) -1"),
                .refused("\(Self.versions)?page_token=e30%3D", "", "Invalid page token, parsed value={}"),
                .refused(
                    "\(Self.versions)?filter=version_number%20%3D%201.5", "",
                    "Invalid value for numeric attribute 'version_number': 1.5"),
                .refused(
                    "\(Self.versions)?filter=tags.a%20IN%20(%27a%27)", "",
                    "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('a')"),
                .refused(
                    "\(Self.versions)?order_by=tags.a", "",
                    "Invalid order by key 'a' specified. Valid keys are {'name', 'version_number', "
                        + "'creation_timestamp', 'last_updated_timestamp'}"),
            ])
        }
    }

    private static func names(_ answer: Answer) throws -> [String] {
        try JSONValue(answer)["registered_models"]?.elements.compactMap { $0["name"]?.text } ?? []
    }

    private static func versions(_ answer: Answer) throws -> [String] {
        try JSONValue(answer)["model_versions"]?.elements
            .map { "\($0["name"]?.text ?? "") \($0["version"]?.text ?? "")" } ?? []
    }

    /// Three models and a prompt; the versions are made one after the other, in milliseconds of their own.
    private func withRegistry(_ body: (RunningServer) async throws -> Void) async throws {
        try await withServer { server in
            let prompt: [ExactKey: String] = ["mlflow.prompt.is_prompt": "true", "team": "red"]
            let models: [(String, [ExactKey: String])] = [
                ("beta", ["team": "blue"]), ("alpha", ["team": "red"]), ("Gamma", ["team": "Red"]),
                ("prompt", prompt),
            ]
            for (name, tags) in models {
                _ = try await server.store.createRegisteredModel(NewRegisteredModel(name: name, tags: tags))
            }
            let versions = [
                NewModelVersion(model: "alpha", source: "s3://b/1", run: "r", tags: ["k": "v"]),
                NewModelVersion(model: "Gamma", source: "s3://b/1"),
                NewModelVersion(model: "alpha", source: "s3://b/2", tags: ["k": "V"]),
                NewModelVersion(model: "prompt", source: "dummy-source", tags: prompt),
            ]
            for version in versions {
                _ = try await server.store.createModelVersion(version)
                try await Task.sleep(for: .milliseconds(3))
            }
            try await body(server)
        }
    }
}
