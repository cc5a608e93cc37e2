import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggedModelTests {
    private static let nobody = "m-" + String(repeating: "0", count: 32)

    @Test func `a model is what was said of it, and its files are still to come`() async throws {
        try await withStore { store in
            let made = try await store.createLoggedModel(
                NewLoggedModel(
                    experiment: 0, name: "net", type: "agent", sourceRun: "a run that is gone",
                    params: ["lr": "0.1", "": ""], tags: ["a#b": "1"]))
            let digits = made.id.dropFirst(2)
            #expect(made.id.hasPrefix("m-") && RunID(String(digits)) != nil)
            #expect(made.name == "net" && made.experimentID == 0 && made.status == .pending)
            #expect(made.type == "agent" && made.sourceRun == "a run that is gone" && !made.isDeleted)
            #expect(made.params == ["lr": "0.1", "": ""] && made.tags == ["a#b": "1"])
            #expect(made.artifactLocation == "mlflow-artifacts:/0/models/\(made.id)/artifacts")
            #expect(made.updatedAt == made.createdAt)
            #expect(try await store.loggedModel(made.id) == made)
            let bare = try await store.createLoggedModel(NewLoggedModel(experiment: 0))
            #expect(bare.name.wholeMatch(of: /[a-z]+-[a-z]+-[0-9]+/) != nil)
            #expect(bare.type.isEmpty && bare.sourceRun.isEmpty)
        }
    }

    @Test func `files of a model lie where its experiment says`() async throws {
        try await withStore { store in
            let place = try await store.createExperiment(
                NewExperiment(name: "placed", artifactLocation: "mlflow-artifacts:/my/place//"))
            let elsewhere = try await store.createExperiment(
                NewExperiment(name: "elsewhere", artifactLocation: "s3://bucket"))
            let ours = try await store.createLoggedModel(NewLoggedModel(experiment: place.id))
            #expect(ours.artifactLocation == "mlflow-artifacts:/my/place/models/\(ours.id)/artifacts")
            #expect(
                try await store.artifactRoot(ofLoggedModel: ours.id).folder
                    == "my/place/models/\(ours.id)/artifacts")
            let other = try await store.createLoggedModel(NewLoggedModel(experiment: elsewhere.id))
            #expect(other.artifactLocation == "s3://bucket/models/\(other.id)/artifacts")
            #expect(try await store.artifactRoot(ofLoggedModel: other.id).folder == nil)
        }
    }

    @Test func `what became of its files is said again and again`() async throws {
        try await withStore { store in
            let made = try await store.createLoggedModel(NewLoggedModel(experiment: 0))
            for status in [LoggedModelStatus.ready, .uploadFailed, .ready, .pending] {
                let changed = try await store.setStatus(status, ofLoggedModel: made.id)
                #expect(changed.status == status)
                #expect(changed.updatedAt >= made.updatedAt)
                #expect(try await store.loggedModel(made.id) == changed)
            }
        }
    }

    @Test func `params stay as they are, tags change`() async throws {
        try await withStore { store in
            let id = try await store.createLoggedModel(
                NewLoggedModel(experiment: 0, params: ["p": "1"], tags: ["a": "1"])
            ).id
            try await store.addLoggedModelParams(["p": "1", "q": "2"], to: id)
            let changed = TrackingError.loggedModelParamsChanged(
                model: id,
                [ParamChange(key: "p", old: "1", new: "9"), ParamChange(key: "q", old: "2", new: "8")])
            await #expect(throws: changed) {
                try await store.addLoggedModelParams(["new": "x", "p": "9", "q": "8"], to: id)
            }
            #expect(
                changed.description == """
                    param 'p' was logged as '1' and cannot become '9', param 'q' was logged as '2' and cannot \
                    become '8'; params of a logged model never change (\(id))
                    """)
            let wide = String(repeating: "é", count: 251)
            let many = (0..<7).map { ParamChange(key: "\($0)", old: wide, new: "n") }
            let told = TrackingError.loggedModelParamsChanged(model: id, many).description
            #expect(
                told.hasPrefix(
                    "param '0' was logged as '\(wide.dropLast())…' and cannot become 'n', param '1'"))
            #expect(told.hasSuffix("become 'n' and 2 more; params of a logged model never change (\(id))"))
            try await store.setLoggedModelTags(["a": "2", "b": "3", "c": "4"], of: id)
            try await store.deleteLoggedModelTag("b", of: id)
            let model = try await store.loggedModel(id)
            #expect(model.params == ["p": "1", "q": "2"])
            #expect(model.tags == ["a": "2", "c": "4"])
            #expect(model.updatedAt == model.createdAt)
            await #expect(throws: TrackingError.tagNotFound(key: "b", of: .loggedModel, id: id)) {
                try await store.deleteLoggedModelTag("b", of: id)
            }
        }
    }

    @Test func `a model in the trash is not found, and takes what it is told`() async throws {
        try await withStore { store in
            let id = try await store.createLoggedModel(NewLoggedModel(experiment: 0, tags: ["a": "1"])).id
            for _ in 0..<2 { try await store.deleteLoggedModel(id) }
            await #expect(throws: TrackingError.loggedModelNotFound(id)) {
                _ = try await store.loggedModel(id)
            }
            let question = LoggedModelQuestion(experiments: [0], limit: 9)
            #expect(try await store.searchLoggedModels(question).things.isEmpty)
            #expect(try await store.setStatus(.ready, ofLoggedModel: id).status == .ready)
            try await store.setLoggedModelTags(["b": "2"], of: id)
            try await store.addLoggedModelParams(["p": "1"], to: id)
            let run = try await store.begin()
            let point = MetricPoint(0.5, step: 1)
            try await store.log(
                run, points: [point], params: [:], tags: [:], links: [PointLink(point, model: id)])
            let model = try await store.loggedModel(id, evenInTrash: true)
            #expect(model.isDeleted && model.tags == ["a": "1", "b": "2"] && model.params == ["p": "1"])
            #expect(try await store.points(ofLoggedModel: id, limit: 9).points.count == 1)
        }
    }

    @Test func `models of an experiment in the trash stay, and no new one is made`() async throws {
        try await withStore { store in
            let experiment = try await store.createExperiment(NewExperiment(name: "e")).id
            let made = try await store.createLoggedModel(NewLoggedModel(experiment: experiment))
            try await store.deleteExperiment(experiment)
            #expect(try await store.loggedModel(made.id) == made)
            let question = LoggedModelQuestion(experiments: [experiment], limit: 9)
            #expect(try await store.searchLoggedModels(question).things == [made])
            await #expect(throws: TrackingError.deleted(.experiment, id: "\(experiment)")) {
                _ = try await store.createLoggedModel(NewLoggedModel(experiment: experiment))
            }
            await #expect(throws: TrackingError.experimentNumberNotFound(99)) {
                _ = try await store.createLoggedModel(NewLoggedModel(experiment: 99))
            }
        }
    }

    @Test func `a model that is not there is named`() async throws {
        try await withStore { store in
            let calls: [(SQLiteStore) async throws -> Void] = [
                { _ = try await $0.loggedModel(Self.nobody) },
                { _ = try await $0.loggedModel(Self.nobody, evenInTrash: true) },
                { _ = try await $0.setStatus(.ready, ofLoggedModel: Self.nobody) },
                { try await $0.deleteLoggedModel(Self.nobody) },
                { try await $0.setLoggedModelTags(["a": "1"], of: Self.nobody) },
                { try await $0.deleteLoggedModelTag("a", of: Self.nobody) },
                { try await $0.addLoggedModelParams(["a": "1"], to: Self.nobody) },
            ]
            for call in calls {
                await #expect(throws: TrackingError.loggedModelNotFound(Self.nobody)) {
                    try await call(store)
                }
            }
        }
    }

    @Test(
        arguments: [
            (NewLoggedModel(experiment: 0, name: ""), "model name: it is empty"),
            (
                NewLoggedModel(experiment: 0, name: String(repeating: "n", count: 8001)),
                "model name: 8001 characters; at most 8000 fit"
            ),
            (
                NewLoggedModel(experiment: 0, type: String(repeating: "t", count: 8001)),
                "model type: 8001 characters; at most 8000 fit"
            ),
            (
                NewLoggedModel(experiment: 0, sourceRun: String(repeating: "r", count: 251)),
                "source run: 251 characters; at most 250 fit"
            ),
            (
                NewLoggedModel(experiment: 0, params: [ExactKey(String(repeating: "k", count: 256)): ""]),
                "param key: 256 characters; at most 255 fit"
            ),
            (
                NewLoggedModel(experiment: 0, params: ["k": String(repeating: "v", count: 1_048_576)]),
                "param 'k': 1048576 characters; at most 1048575 fit"
            ),
            (
                NewLoggedModel(experiment: 0, tags: [ExactKey(String(repeating: "k", count: 256)): ""]),
                "tag key: 256 characters; at most 255 fit"
            ),
            (NewLoggedModel(experiment: 0, tags: ["k": "a\0b"]), "tag 'k': it has a NUL character"),
        ])
    func `what does not fit is refused`(new: NewLoggedModel, message: String) async throws {
        try await withStore { store in
            let error = await #expect(throws: TrackingError.self) {
                _ = try await store.createLoggedModel(new)
            }
            #expect(error?.description == message)
            let found = try await store.searchLoggedModels(LoggedModelQuestion(experiments: [0], limit: 9))
            #expect(found.things.isEmpty)
        }
    }

    @Test func `what just fits is taken`() async throws {
        try await withStore { store in
            let wide = { String(repeating: "é", count: $0) }
            let new = NewLoggedModel(
                experiment: 0, name: wide(8000), type: wide(8000), sourceRun: wide(250),
                params: [ExactKey(wide(255)): wide(1_048_575)], tags: [ExactKey(wide(255)): wide(1_048_575)])
            let made = try await store.createLoggedModel(new)
            #expect(made.name == new.name && made.params == new.params && made.tags == new.tags)
        }
    }
}
