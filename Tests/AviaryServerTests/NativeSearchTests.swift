import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

/// One language searches every kind of thing on the native routes.
struct NativeSearchTests {
    /// The names, or the models with their versions, that a list gives.
    private static func found(_ answer: Answer) throws -> [String] {
        guard case .object(let members) = try JSONValue(answer), let list = members.first else { return [] }
        return list.value.elements.map { thing in
            thing["name"]?.text ?? "\(thing["model"]?.text ?? "") \(thing["version"]?.integer ?? 0)"
        }
    }

    private static func ask(
        _ path: String, filter: String = "", order: String = "", _ server: RunningServer
    ) async throws -> Answer {
        let (filter, order) = (PercentEncoding.encode(filter), PercentEncoding.encode(order))
        return try await server.ask(
            "/api/v1/\(path)\(path.contains("?") ? "&" : "?")filter=\(filter)&order=\(order)")
    }

    private static func check(
        _ path: String, _ expected: [(filter: String, order: String, names: [String])],
        _ server: RunningServer
    ) async throws {
        for (filter, order, names) in expected {
            let answer = try await ask(path, filter: filter, order: order, server)
            #expect(answer.status == 200, "\(filter) \(answer.text)")
            #expect(try found(answer) == names, "\(filter) \(order)")
        }
    }

    @Test func `experiments are searched, ordered and paged`() async throws {
        try await withServer { server in
            let experiments: [(String, [ExactKey: String])] = [
                ("vision", ["n": "10"]), ("speech", ["n": "9"]), ("old", [:]),
            ]
            for (name, tags) in experiments {
                _ = try await server.store.createExperiment(NewExperiment(name: name, tags: tags))
            }
            try await server.store.deleteExperiment(3)
            _ = try await server.begin(in: "vision")
            try await Self.check(
                "experiments",
                [
                    ("", "", ["Default", "vision", "speech"]), ("tags.n > 9.5", "", ["vision"]),
                    ("NOT (name = 'vision' OR tags.n IS NULL)", "", ["speech"]),
                    ("name IN ('vision', 'old')", "", ["vision"]),
                    ("name =~ '^.{6}$'", "name", ["speech", "vision"]),
                    ("experiment_id NOT IN (0, '2')", "", ["vision"]),
                    ("creation_time > now() - 2h AND name NOT LIKE 'D%'", "", ["vision", "speech"]),
                    ("last_update_time < '2020-01-01'", "", []),
                    ("", "name DESC, experiment_id", ["vision", "speech", "Default"]),
                ], server)
            let inTrash = try await Self.ask("experiments?lifecycle=deleted", filter: "name = 'old'", server)
            #expect(try Self.found(inTrash) == ["old"])
            let first = try await Self.ask("experiments?limit=2&lifecycle=any", server)
            #expect(try Self.found(first) == ["Default", "vision"])
            #expect(first.text.contains("\"name\":\"vision\""))
            #expect(first.text.contains("\"tags\":{\"n\":\"10\"},\"runCount\":1}],\"next\":\"2\"}"))
            let second = try await Self.ask("experiments?limit=2&lifecycle=any&cursor=2", server)
            #expect(try Self.found(second) == ["speech", "old"])
            #expect(try JSONValue(second)["next"] == .null)
        }
    }

    @Test func `logged models are searched with params that are numbers and the words of their status`()
        async throws
    {
        try await withServer { server in
            let run = try await server.begin(in: "vision")
            for (name, rate, source) in [("a", "0.10", "\(run)"), ("b", "0.5", ""), ("c", "fast", "")] {
                let model = try await server.store.createLoggedModel(
                    NewLoggedModel(experiment: 1, name: name, sourceRun: source, params: ["lr": rate])
                ).id
                if name == "b" { _ = try await server.store.setStatus(.ready, ofLoggedModel: model) }
                if name == "c" { _ = try await server.store.setStatus(.uploadFailed, ofLoggedModel: model) }
                let point = MetricPoint(
                    key: "loss", value: name == "a" ? 2 : 1, step: 0, timestamp: Timestamp(milliseconds: 1))
                let links = name == "c" ? [] : [PointLink(point, model: model)]
                try await server.store.log(run, points: [], params: [:], tags: [:], links: links)
            }
            try await Self.check(
                "logged-models",
                [
                    ("status = 'READY'", "", ["b"]), ("status != 'FAILED'", "name", ["a", "b"]),
                    ("status IN ('PENDING', 'FAILED')", "name DESC", ["c", "a"]),
                    ("params.lr = 0.1", "", ["a"]), ("params.lr < 1", "name", ["a", "b"]),
                    ("NOT params.lr < 1", "", ["c"]), ("source_run_id IS NULL", "name", ["b", "c"]),
                    ("source_run_id = '\(run)' OR metrics.loss IS NULL", "name", ["a", "c"]),
                    ("creation_timestamp > now() - 1h AND name !~ '[bc]'", "", ["a"]),
                    ("experiment_id = 1", "metrics.loss, name", ["b", "a", "c"]),
                    ("", "status, name", ["c", "a", "b"]),
                ], server)
            // An experiment in the trash takes its models out of sight.
            try await server.store.deleteExperiment(1)
            #expect(try Self.found(try await Self.ask("logged-models", server)) == [])
            let gone = try await Self.ask("logged-models?experiment=vision", server)
            #expect(gone.status == 404)
        }
    }

    @Test func `registered models and their versions are searched`() async throws {
        try await withServer { server in
            let store = server.store
            for (name, score) in [("bird", "0.9"), ("fish", "0.25"), ("frog", "low")] {
                _ = try await store.createRegisteredModel(
                    NewRegisteredModel(name: name, tags: ["score": score]))
            }
            _ = try await store.createRegisteredModel(
                NewRegisteredModel(name: "ask", tags: ["mlflow.prompt.is_prompt": "true"]))
            for (model, run, tag) in [("bird", "r", "1"), ("bird", nil, "2.0"), ("fish", nil, "x")] {
                let new = NewModelVersion(model: model, source: "s3://b/\(tag)", run: run, tags: ["k": tag])
                _ = try await store.createModelVersion(new)
            }
            try await Self.check(
                "registered-models",
                [
                    ("", "", ["bird", "fish", "frog"]), ("tags.score > 0.3", "", ["bird"]),
                    ("NOT tags.score < 0.5", "name DESC", ["frog", "bird"]),
                    ("name IN ('fish', 'frog') AND tags.score IS NOT NULL", "", ["fish", "frog"]),
                    ("name =~ '^f' OR creation_timestamp > now() + 1h", "", ["fish", "frog"]),
                    ("last_updated_timestamp < now() - 2h", "", []),
                    ("NOT tag.`mlflow.prompt.is_prompt` != 'true'", "", ["ask"]),
                    ("NOT tag.`mlflow.prompt.is_prompt` = 'true'", "", ["bird", "fish", "frog"]),
                ], server)
            try await Self.check(
                "model-versions",
                [
                    ("run_id IS NULL", "name, version_number", ["bird 2", "fish 1"]),
                    ("tags.k <= 2", "version_number", ["bird 1", "bird 2"]),
                    ("NOT (name = 'bird' AND version_number > 1)", "name DESC", ["fish 1", "bird 1"]),
                    ("source_path NOT LIKE '%/x' AND version_number = 1", "", ["bird 1"]),
                    (
                        "creation_timestamp > now() - 1h", "name, version_number",
                        ["bird 1", "bird 2", "fish 1"]
                    ),
                ], server)
            let one = try await Self.ask("model-versions?model=bird", filter: "tags.k != 1", server)
            #expect(try Self.found(one) == ["bird 2"])
        }
    }

    @Test(
        arguments: [
            ("experiments", "runs = 1", "", "filter: column 1: 'runs' is no attribute of an experiment; "),
            ("experiments", "name = 'a' AND", "", "filter: column 15: a key is expected after 'AND'"),
            ("experiments", "", "tags.n", "order: column 1: experiments are not ordered by their tags"),
            ("logged-models", "status = 2", "", "filter: column 10: a text in quotes is expected after '='"),
            ("logged-models", "", "params.lr", "order: column 1: logged models are not ordered by "),
            ("registered-models", "params.a = 1", "", "filter: column 1: 'params' is nothing that a "),
            ("registered-models", "name > 'a'", "", "filter: column 6: '>' does not fit the text 'name'"),
            ("registered-models", "", "name UP", "order: column 6: ASC or DESC is expected after 'name'"),
            ("model-versions", "version_number = 'x'", "", "filter: column 18: a whole number is expected "),
            ("model-versions", "", "name, run_id", "order: column 7: model versions are ordered by name, "),
        ])
    func `a refusal says the column`(
        path: String, filter: String, order: String, message: String
    ) async throws {
        try await withServer { server in
            let answer = try await Self.ask(path, filter: filter, order: order, server)
            #expect(answer.status == 400)
            let told = try JSONValue(answer)["error"]?["message"]?.text ?? ""
            #expect(told.hasPrefix(message), "\(told)")
        }
    }
}
