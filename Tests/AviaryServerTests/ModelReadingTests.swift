import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Testing

/// The registry and logged models, as the native interface tells them.
struct ModelReadingTests {
    /// An answer with a placeholder for each moment, which nobody knows beforehand.
    private static func text(_ path: String, _ server: RunningServer) async throws -> String {
        let answer = try await server.ask("/api/v1/\(path)")
        return answer.text.replacing(/2\d{3}-\d\d-\d\dT[\d:.]+Z/, with: "NOW")
    }

    private static func names(
        _ path: String, _ list: String, _ server: RunningServer
    ) async throws -> [String] {
        let answer = try JSONValue(try await server.ask("/api/v1/\(path)"))
        return answer[list]?.elements.compactMap { $0["name"]?.text } ?? []
    }

    @Test func `a registered model is written with its versions`() async throws {
        try await withServer { server in
            let store = server.store
            let new = NewRegisteredModel(name: "bird & co", description: "flies", tags: ["a": "b"])
            _ = try await store.createRegisteredModel(new)
            let version = NewModelVersion(model: "bird & co", source: "s3://birds/1", tags: ["c": "d"])
            _ = try await store.createModelVersion(version)
            try await store.setModelAlias("best", to: ModelVersionID("bird & co", 1))
            let one = """
                {"model":"bird & co","version":1,"description":null,"stage":"None","source":"s3://birds/1",\
                "run":null,"loggedModel":null,"createdAt":"NOW","updatedAt":"NOW","tags":{"c":"d"},\
                "aliases":["best"]}
                """
            let model = """
                {"name":"bird & co","description":"flies","createdAt":"NOW","updatedAt":"NOW","tags":{"a":"b"},\
                "aliases":{"best":1},"latestVersions":[\(one)]}
                """
            #expect(try await Self.text("registered-models/bird%20%26%20co", server) == model)
            #expect(try await Self.text("registered-models/bird%20%26%20co/versions/1", server) == one)
            #expect(
                try await Self.text("registered-models", server)
                    == "{\"registeredModels\":[\(model)],\"next\":null}")
            #expect(
                try await Self.text("model-versions?model=bird+%26+co", server)
                    == "{\"modelVersions\":[\(one)],\"next\":null}")
            #expect(
                try await Self.text("model-versions?model=x", server)
                    == "{\"modelVersions\":[],\"next\":null}")
            let missing = try await server.ask("/api/v1/registered-models/none")
            #expect(missing.status == 404)
            #expect(missing.text.contains("Registered Model with name=none not found"))
        }
    }

    @Test func `lists are searched, ordered and paged`() async throws {
        try await withServer { server in
            for name in ["a1", "b", "a2", "a3"] {
                _ = try await server.store.createRegisteredModel(NewRegisteredModel(name: name))
            }
            let path = "registered-models?filter=name%20LIKE%20'a%25'&order=name%20DESC&limit=2"
            #expect(try await Self.names(path, "registeredModels", server) == ["a3", "a2"])
            let next = try JSONValue(try await server.ask("/api/v1/\(path)"))["next"]?.text
            #expect(next == "2")
            #expect(try await Self.names("\(path)&cursor=2", "registeredModels", server) == ["a1"])
            let last = try JSONValue(try await server.ask("/api/v1/\(path)&cursor=2"))
            #expect(last["next"] == .null)
        }
    }

    @Test func `a logged model is written with its last metrics`() async throws {
        try await withServer { server in
            let run = try await server.begin(in: "vision")
            let model = try await server.store.createLoggedModel(
                NewLoggedModel(
                    experiment: 1, name: "m", type: "agent", sourceRun: "\(run)", params: ["p": "1"],
                    tags: ["t": "2"]))
            let links = [(0.5, 1), (.nan, 2)].map { value, step in
                let time = Timestamp(milliseconds: Int64(step))
                let point = MetricPoint(key: "loss", value: value, step: Int64(step), timestamp: time)
                return PointLink(point, model: model.id, datasetName: "d")
            }
            try await server.store.log(run, points: [], params: [:], tags: [:], links: links)
            let json = """
                {"id":"\(model.id)","name":"m","experimentId":1,"status":"PENDING","type":"agent","run":"\(run)",\
                "createdAt":"NOW","updatedAt":"NOW","params":{"p":"1"},"tags":{"t":"2"},"metrics":[\
                {"key":"loss","value":"NaN","step":2,"time":"1970-01-01T00:00:00.002Z","run":"\(run)","dataset":"d"}]}
                """
            #expect(try await Self.text("logged-models/\(model.id)", server) == json)
            let list = "{\"loggedModels\":[\(json)],\"next\":null}"
            #expect(try await Self.text("logged-models", server) == list)
            #expect(
                try await Self.text("logged-models?experiment=vision&filter=params.p%20%3D%20'1'", server)
                    == list)
            #expect(
                try await Self.text("logged-models?experiment=Default", server)
                    == "{\"loggedModels\":[],\"next\":null}")
            try await server.store.deleteLoggedModel(model.id)
            #expect(try await server.ask("/api/v1/logged-models/\(model.id)").status == 404)
        }
    }

    @Test func `logged models are ordered by what was measured of them`() async throws {
        try await withServer { server in
            let run = try await server.begin(in: "vision")
            for (name, value) in [("low", 1.0), ("high", 3.0), ("middle", 2.0)] {
                let model = try await server.store.createLoggedModel(
                    NewLoggedModel(experiment: 1, name: name))
                let point = MetricPoint(
                    key: "loss", value: value, step: 0, timestamp: Timestamp(milliseconds: 1))
                try await server.store.log(
                    run, points: [], params: [:], tags: [:], links: [PointLink(point, model: model.id)])
            }
            let names = try await Self.names(
                "logged-models?order=metrics.loss%20DESC", "loggedModels", server)
            #expect(names == ["high", "middle", "low"])
            let twice = try await server.ask("/api/v1/logged-models?order=name&order=name%20DESC")
            #expect(twice.text.contains("order: column 1: 'name' stands in the order already"))
        }
    }
}
