import AviaryTracking
import AviaryTrackingStore
import Testing

struct RegistryTests {
    @Test func `a registered model comes back as it was made`() async throws {
        try await withStore { store in
            let made = try await store.createRegisteredModel(
                NewRegisteredModel(name: "größe 数", description: "d", tags: ["a": "", "b": "2"]))
            #expect(made.name == "größe 数")
            #expect(made.description == "d")
            #expect(made.tags == ["a": "", "b": "2"])
            #expect(made.latestVersions == [])
            #expect(made.aliases == [:])
            #expect(made.updatedAt == made.createdAt)
            #expect(try await store.registeredModel(named: "größe 数") == made)
        }
    }

    @Test func `a name is had once`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "b"))
            let taken = TrackingError.registry(.modelExists("a", isPrompt: false, wantedPrompt: false))
            await #expect(throws: taken) {
                try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            }
            await #expect(throws: taken) { try await store.renameRegisteredModel("b", to: "a") }
            #expect(try await store.registeredModel(named: "b").name == "b")
        }
    }

    @Test(
        arguments: [
            (
                ["mlflow.prompt.is_prompt": "true"], [:],
                "Tried to create a registered model with name 'a', but the name "
                    + "is already taken by a prompt. MLflow does not allow creating a model and a prompt with the same name."
            ),
            (
                [:], ["mlflow.prompt.is_prompt": "true"],
                "Tried to create a prompt with name 'a', but the name is already "
                    + "taken by a registered model. MLflow does not allow creating a model and a prompt with the same name."
            ),
            (
                ["mlflow.prompt.is_prompt": "true"], ["mlflow.prompt.is_prompt": "true"],
                "Prompt (name=a) already exists."
            ),
            ([:], [:], "Registered Model (name=a) already exists."),
        ] as [([ExactKey: String], [ExactKey: String], String)])
    func `models and prompts share their names`(
        known: [ExactKey: String], wanted: [ExactKey: String], message: String
    ) async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a", tags: known))
            let error = await #expect(throws: TrackingError.self) {
                try await store.createRegisteredModel(NewRegisteredModel(name: "a", tags: wanted))
            }
            #expect(error?.description == message)
        }
    }

    @Test func `what is said of a model changes`() async throws {
        try await withStore { store in
            let made = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            let described = try await store.describeRegisteredModel("a", "words")
            #expect(described.description == "words")
            #expect(described.updatedAt >= made.updatedAt)
            #expect(try await store.describeRegisteredModel("a", nil).description == nil)
            try await store.setRegisteredModelTags(["k": "v", "l": "w"], of: "a")
            try await store.setRegisteredModelTags(["k": "u"], of: "a")
            try await store.deleteRegisteredModelTag("l", of: "a")
            try await store.deleteRegisteredModelTag("none", of: "a")
            #expect(try await store.registeredModel(named: "a").tags == ["k": "u"])
        }
    }

    @Test func `a new name holds for the versions too`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            let version = try await store.makeVersion(of: "a")
            try await store.setModelAlias("best", to: ModelVersionID("a", 1))
            let renamed = try await store.renameRegisteredModel("a", to: "b")
            #expect(renamed.name == "b")
            #expect(renamed.aliases == ["best": 1])
            let moved = try await store.modelVersion(ModelVersionID("b", 1))
            #expect(moved.model == "b")
            #expect(moved.updatedAt >= version.updatedAt)
            #expect(renamed.latestVersions == [moved])
            await #expect(throws: Self.noModel("a")) { try await store.registeredModel(named: "a") }
            await #expect(throws: TrackingError.registry(.versionNotFound(model: "a", version: "1"))) {
                try await store.modelVersion(ModelVersionID("a", 1))
            }
            #expect(try await store.renameRegisteredModel("b", to: "b").name == "b")
        }
    }

    @Test func `a name of the same letters in other bytes is another name`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "\u{2126}"))
            let renamed = try await store.renameRegisteredModel("\u{2126}", to: "\u{3A9}")
            #expect(renamed.name.utf8.elementsEqual("\u{3A9}".utf8))
            try await store.renameExperiment(0, to: "\u{2126}")
            try await store.renameExperiment(0, to: "\u{3A9}")
            #expect(try await store.experiment(0).name.utf8.elementsEqual("\u{3A9}".utf8))
        }
    }

    @Test func `a deleted model is gone with its versions, and its name is free`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a", tags: ["k": "v"]))
            for _ in 0..<3 { _ = try await store.makeVersion(of: "a", tags: ["k": "v"]) }
            try await store.setModelAlias("best", to: ModelVersionID("a", 2))
            try await store.deleteRegisteredModel("a")
            await #expect(throws: Self.noModel("a")) { try await store.registeredModel(named: "a") }
            #expect(try await store.searchModelVersions(ModelVersionQuestion(limit: 9)).things == [])
            let anew = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            #expect(anew.tags == [:])
            #expect(anew.aliases == [:])
            #expect(try await store.makeVersion(of: "a").number == 1)
            #expect(try await store.check().faults == [])
        }
    }

    @Test func `aliases move and go with their version`() async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            for _ in 0..<3 { _ = try await store.makeVersion(of: "a") }
            try await store.setModelAlias("z", to: ModelVersionID("a", 1))
            try await store.setModelAlias("Z", to: ModelVersionID("a", 1))
            #expect(try await store.modelVersion(aliased: "z", of: "a").aliases == ["Z", "z"])
            try await store.setModelAlias("z", to: ModelVersionID("a", 2))
            #expect(try await store.modelVersion(aliased: "z", of: "a").number == 2)
            #expect(try await store.modelVersion(aliased: "LATEST", of: "a").number == 3)
            #expect(try await store.registeredModel(named: "a").aliases == ["Z": 1, "z": 2])
            try await store.deleteModelAlias("Z", of: "a")
            try await store.deleteModelAlias("Z", of: "a")
            try await store.deleteModelVersion(ModelVersionID("a", 2))
            #expect(try await store.registeredModel(named: "a").aliases == [:])
            await #expect(throws: TrackingError.registry(.aliasNotFound("z"))) {
                try await store.modelVersion(aliased: "z", of: "a")
            }
            await #expect(throws: TrackingError.registry(.versionNotFound(model: "a", version: "2"))) {
                try await store.setModelAlias("z", to: ModelVersionID("a", 2))
            }
        }
    }

    @Test func `nothing is done to what is not there`() async throws {
        try await withStore { store in
            let none = Self.noModel("none")
            await #expect(throws: none) { try await store.registeredModel(named: "none") }
            await #expect(throws: none) { try await store.describeRegisteredModel("none", "d") }
            await #expect(throws: none) { try await store.renameRegisteredModel("none", to: "a") }
            await #expect(throws: none) { try await store.deleteRegisteredModel("none") }
            await #expect(throws: none) { try await store.setRegisteredModelTags(["a": "b"], of: "none") }
            await #expect(throws: none) { try await store.deleteRegisteredModelTag("a", of: "none") }
            await #expect(throws: none) { try await store.latestVersions(of: "none") }
            await #expect(throws: none) { try await store.deleteModelAlias("a", of: "none") }
            await #expect(throws: none) { try await store.modelVersion(aliased: "latest", of: "none") }
            await #expect(throws: none) { try await store.makeVersion(of: "none") }
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "empty"))
            await #expect(throws: TrackingError.registry(.noLatestVersion(model: "empty"))) {
                try await store.modelVersion(aliased: "latest", of: "empty")
            }
        }
    }

    private static let long = String(repeating: "n", count: 501)

    @Test(
        arguments: [
            (NewRegisteredModel(name: ""), "model name: it is empty"),
            (NewRegisteredModel(name: long), "model name: 501 characters; at most 500 fit"),
            (NewRegisteredModel(name: "a\0b"), "model name: it has a NUL character"),
            (
                NewRegisteredModel(name: "a", description: String(repeating: "d", count: 100_001)),
                "description: 100001 characters; at most 100000 fit"
            ),
            (NewRegisteredModel(name: "a", tags: ["": "v"]), "tag key: it is empty"),
            (
                NewRegisteredModel(name: "a", tags: ["k": String(repeating: "v", count: 100_001)]),
                "tag 'k': 100001 characters; at most 100000 fit"
            ),
        ])
    func `what does not fit is refused`(new: NewRegisteredModel, message: String) async throws {
        try await withStore { store in
            let error = await #expect(throws: TrackingError.self) {
                try await store.createRegisteredModel(new)
            }
            #expect(error?.description == message)
            let all = try await store.searchRegisteredModels(RegisteredModelQuestion(limit: 9))
            #expect(all.things == [])
        }
    }

    static func noModel(_ name: String) -> TrackingError { .registry(.modelNotFound(name)) }
}

extension SQLiteStore {
    /// A version whose files are elsewhere.
    func makeVersion(
        of model: String, source: String = "s3://bucket/model", tags: [ExactKey: String] = [:]
    ) async throws -> ModelVersion {
        try await createModelVersion(NewModelVersion(model: model, source: source, tags: tags))
    }
}
