import AviaryServer
import AviaryTracking
import AviaryTrackingStore

/// A question to the native interface.
struct NativeQuestion {
    let method: String
    /// As the description has it.
    let template: String
    let path: String
    var headers: [String] = []
    var body: String?
}

/// Questions that meet every answer that is described.
struct NativeQuestions {
    /// A stream does not end; `EventRouteTests` reads it.
    static let unasked: Set = ["GET /api/v1/events 200"]

    private let run: RunID
    private let other: RunID
    private let model: String

    static func all(_ server: RunningServer) async throws -> [NativeQuestion] {
        let questions = try await NativeQuestions(server)
        return questions.plain + questions.experiments + questions.runs + questions.files + questions.models
    }

    /// A store with something of everything.
    private init(_ server: RunningServer) async throws {
        let store = server.store
        run = try await server.begin("r", in: "vision", params: ["lr": "0.1"], tags: ["a": "b"])
        other = try await server.begin(in: "gone")
        try await server.log([0.5, .nan], of: run)
        _ = try await store.storeArtifact(run, path: "a b/c.txt", bytes: Array("0123456789".utf8))
        try await store.end(run, .finished, at: Timestamp(milliseconds: 2_000_000))
        let logged = try await store.createLoggedModel(
            NewLoggedModel(
                experiment: 1, name: "m", sourceRun: "\(run)", params: ["p": "1"], tags: ["t": "2"]))
        model = logged.id
        let point = MetricPoint(key: "loss", value: 0.5, step: 1, timestamp: Timestamp(milliseconds: 5))
        try await store.log(
            run, points: [], params: [:], tags: [:],
            links: [PointLink(point, model: model, datasetName: "d")],
            intoEnded: true)
        _ = try await store.createRegisteredModel(
            NewRegisteredModel(name: "bird", description: "flies", tags: ["a": "b"]))
        let version = NewModelVersion(
            model: "bird", source: "models:/\(model)", run: "\(run)", loggedModel: model, tags: ["c": "d"])
        let id = ModelVersionID("bird", try await store.createModelVersion(version).number)
        try await store.setModelAlias("best", to: id)
    }

    private func get(_ template: String, _ path: String? = nil, _ headers: String...) -> NativeQuestion {
        NativeQuestion(method: "GET", template: template, path: path ?? template, headers: headers)
    }

    private func change(
        _ method: String, _ template: String, _ path: String, _ body: String? = nil,
        type: String? = "application/json", _ headers: String...
    ) -> NativeQuestion {
        let fields = body == nil || type == nil ? headers : headers + ["Content-Type: \(type ?? "")"]
        return NativeQuestion(method: method, template: template, path: path, headers: fields, body: body)
    }

    /// Whatever its tag is, the client has it.
    private let known = "If-None-Match: *"
    private let large = "Content-Length: 9000000"

    private var plain: [NativeQuestion] {
        [
            get("/health"), get("/version"), get("/api/v1/openapi.json"),
            get("/api/v1/openapi.json", nil, known),
            get("/api/v1/events", "/api/v1/events?points=x"),
            get("/api/v1/events", "/api/v1/events?log=\(RunID.random())"),
        ]
    }

    private var experiments: [NativeQuestion] {
        let (all, one) = ("/api/v1/experiments", "/api/v1/experiments/{id}")
        let restore = "\(one)/restore"
        return [
            get(all), get(all, "\(all)?lifecycle=any"), get(all, nil, known), get(all, "\(all)?lifecycle=x"),
            get(all, "\(all)?filter=name%20IN%20('vision')&order=name%20DESC&limit=1"),
            get(all, "\(all)?filter=runs%20%3E%201"), get(all, "\(all)?cursor=x"),
            change("POST", all, all, "{\"name\":\"new\",\"tags\":{\"a\":\"b\"}}"),
            change("POST", all, all, "{\"name\":\"new\"}"), change("POST", all, all, "{\"name\":1}"),
            change("POST", all, all, "{}", type: "text/plain"),
            change("POST", all, all, nil, type: nil, large, "Content-Type: application/json"),
            get(one, "\(all)/1"), get(one, "\(all)/1", known), get(one, "\(all)/99"),
            change("PATCH", one, "\(all)/3", "{\"name\":\"newer\"}"),
            change("PATCH", one, "\(all)/3", "{\"name\":\"\"}"),
            change("PATCH", one, "\(all)/99", "{\"name\":\"x\"}"),
            change("PATCH", one, "\(all)/3", "{\"name\":\"vision\"}"),
            change("PATCH", one, "\(all)/3", "{}", type: "text/plain"),
            change("PATCH", one, "\(all)/3", nil, type: nil, large, "Content-Type: application/json"),
            change("DELETE", one, "\(all)/2"), change("DELETE", one, "\(all)/2"),
            change("DELETE", one, "\(all)/99"),
            // The run of an experiment that is in the trash.
            change("POST", "/api/v1/runs/{id}/restore", "/api/v1/runs/\(other)/restore"),
            change("POST", restore, "\(all)/2/restore"),
            change("POST", restore, "\(all)/2/restore", "{\"name\":null}"),
            change("POST", restore, "\(all)/2/restore", "{\"nam\":\"x\"}"),
            change("POST", restore, "\(all)/2/restore", "{}", type: "text/plain"),
            change(
                "POST", restore, "\(all)/2/restore", nil, type: nil, large, "Content-Type: application/json"),
            change("POST", restore, "\(all)/99/restore"),
            change("DELETE", one, "\(all)/2"),
            change("POST", restore, "\(all)/2/restore", "{\"name\":\"newer\"}"),
        ]
    }

    private var runs: [NativeQuestion] {
        let (all, one, series) = ("/api/v1/runs", "/api/v1/runs/{id}", "/api/v1/series")
        let gone = RunID.random()
        return [
            get(all), get(all, "\(all)?lifecycle=any&experiment=vision&limit=1"), get(all, nil, known),
            get(all, "\(all)?filter=params.lr%20%3D%200.1&order=metrics.loss&order=start_time%20DESC"),
            get(all, "\(all)?limit=0"), get(all, "\(all)?experiment=none"),
            get(one, "\(all)/\(run)"), get(one, "\(all)/\(run)", known), get(one, "\(all)/\(gone)"),
            change("DELETE", one, "\(all)/\(run)"), change("DELETE", one, "\(all)/\(gone)"),
            change("POST", "\(one)/restore", "\(all)/\(run)/restore"),
            change("POST", "\(one)/restore", "\(all)/\(gone)/restore"),
            change("POST", series, series, "{\"runs\":[\"\(run)\"],\"keys\":[\"loss\"]}"),
            change("POST", series, series, "{\"runs\":[\"\(gone)\"],\"keys\":[\"loss\"]}"),
            change("POST", series, series, "{}"), change("POST", series, series, "{}", type: "text/plain"),
            change("POST", series, series, nil, type: nil, large, "Content-Type: application/json"),
        ]
    }

    private var files: [NativeQuestion] {
        let (all, one) = ("/api/v1/runs/{id}/artifacts", "/api/v1/runs/{id}/artifacts/{path}")
        let path = "/api/v1/runs/\(run)/artifacts"
        let file = "\(path)/a%20b/c.txt"
        let (weights, tiny) = ("/zoo/weights/{file}", "/zoo/weights/tiny.safetensors")
        return [
            get(all, path), get(all, path, known), get(all, "/api/v1/runs/\(RunID.random())/artifacts"),
            get(one, file), get(one, file, "Range: bytes=1-2"), get(one, file, "Range: bytes=99-"),
            get(one, file, known), get(one, "\(path)/none"), get(one, "\(path)/%00"),
            get(weights, tiny), get(weights, tiny, "Range: bytes=1-2"),
            get(weights, tiny, "Range: bytes=99-"),
            get(weights, tiny, known), get(weights, "/zoo/weights/none"), get("/zoo/catalogue.yml"),
            get("/api/v1/models"), get("/api/v1/models/{name}", "/api/v1/models/tiny"),
            get("/api/v1/models/{name}", "/api/v1/models/huge"),
        ]
    }

    private var models: [NativeQuestion] {
        let (registered, versions) = ("/api/v1/registered-models", "/api/v1/model-versions")
        let (logged, version) = ("/api/v1/logged-models", "\(registered)/{name}/versions/{version}")
        return [
            get(registered), get(registered, nil, known), get(registered, "\(registered)?filter=name%20IN"),
            get(registered, "\(registered)?filter=NOT%20tags.a%20IN%20('c')&order=creation_timestamp"),
            get("\(registered)/{name}", "\(registered)/bird"),
            get("\(registered)/{name}", "\(registered)/bird", known),
            get("\(registered)/{name}", "\(registered)/none"),
            get("\(registered)/{name}", "\(registered)/%ff"),
            get(version, "\(registered)/bird/versions/1"),
            get(version, "\(registered)/bird/versions/1", known),
            get(version, "\(registered)/bird/versions/9"), get(version, "\(registered)/%ff/versions/9"),
            get(versions, "\(versions)?model=bird&order=version_number%20DESC"), get(versions, nil, known),
            get(versions, "\(versions)?filter=creation_timestamp%20%3E%20'2026-03-01'"),
            get(versions, "\(versions)?cursor=x"),
            get(logged), get(logged, "\(logged)?experiment=vision&order=metrics.loss%20DESC&limit=1"),
            get(logged, nil, known), get(logged, "\(logged)?order=loss"),
            get(logged, "\(logged)?filter=status%20!%3D%20'READY'%20AND%20params.p%20%3E%200"),
            get(logged, "\(logged)?experiment=none"),
            get("\(logged)/{id}", "\(logged)/\(model)"), get("\(logged)/{id}", "\(logged)/\(model)", known),
            get("\(logged)/{id}", "\(logged)/none"), get("\(logged)/{id}", "\(logged)/%ff"),
        ]
    }
}
