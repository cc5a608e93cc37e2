import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct ModelVersionTests {
    @Test func `a version comes back as it was made`() async throws {
        try await withModel { store in
            let made = try await store.createModelVersion(
                NewModelVersion(
                    model: "a", source: "s3://bucket/m", run: "r", runLink: "http://link", description: "d",
                    tags: ["k": "v"]))
            #expect(
                made
                    == ModelVersion(
                        model: "a", number: 1, description: "d", source: "s3://bucket/m",
                        location: "s3://bucket/m", run: "r", loggedModel: nil, runLink: "http://link",
                        stage: .none, createdAt: made.createdAt, updatedAt: made.createdAt, tags: ["k": "v"],
                        aliases: []))
            #expect(try await store.modelVersion(ModelVersionID("a", 1)) == made)
            let model = try await store.registeredModel(named: "a")
            #expect(model.latestVersions == [made])
            #expect(model.updatedAt == made.createdAt)
        }
    }

    @Test func `a number is not given again`() async throws {
        try await withModel { store in
            for number in Int64(1)...3 { #expect(try await store.makeVersion(of: "a").number == number) }
            try await store.deleteModelVersion(ModelVersionID("a", 3))
            try await store.deleteModelVersion(ModelVersionID("a", 1))
            #expect(try await store.makeVersion(of: "a").number == 4)
            #expect(try await store.latestVersions(of: "a").map(\.number) == [4])
        }
    }

    @Test func `a version that is refused takes no number`() async throws {
        try await withModel { store in
            await #expect(throws: TrackingError.self) {
                try await store.makeVersion(of: "a", source: "s3://bucket/../m")
            }
            let made = try await store.makeVersion(of: "a")
            #expect(made.number == 1)
        }
    }

    @Test func `versions go through stages`() async throws {
        try await withModel { store in
            for _ in 0..<4 { _ = try await store.makeVersion(of: "a") }
            let before = try await store.registeredModel(named: "a").updatedAt
            func move(_ number: Int64, _ stage: ModelStage, archiving: Bool = false) async throws {
                let moved = try await store.moveModelVersion(
                    ModelVersionID("a", number), to: stage, archivingOthers: archiving)
                #expect(moved.stage == stage)
            }
            func stages() async throws -> [ModelStage] {
                let question = ModelVersionQuestion(order: [.init(.number)], limit: 9)
                return try await store.searchModelVersions(question).things.map(\.stage)
            }
            try await move(1, .staging)
            try await move(2, .staging)
            try await move(3, .production)
            #expect(try await stages() == [.staging, .staging, .production, .none])
            try await move(4, .staging, archiving: true)
            #expect(try await stages() == [.archived, .archived, .production, .staging])
            try await move(4, .staging, archiving: true)
            #expect(try await stages() == [.archived, .archived, .production, .staging])
            try await move(1, .none)
            #expect(try await stages() == [.none, .archived, .production, .staging])
            #expect(try await store.registeredModel(named: "a").updatedAt >= before)
            #expect(try await store.latestVersions(of: "a").map(\.number) == [1, 2, 3, 4])
            try await move(3, .archived)
            #expect(try await store.latestVersions(of: "a").map(\.number) == [1, 3, 4])
            for stage in [ModelStage.none, .archived] {
                await #expect(throws: TrackingError.registry(.notActive(stage: stage.rawValue))) {
                    try await store.moveModelVersion(
                        ModelVersionID("a", 1), to: stage, archivingOthers: true)
                }
            }
        }
    }

    @Test(arguments: ["None", "none", "STAGING", "Production", "aRchived"])
    func `a stage is known in any case`(name: String) {
        #expect(ModelStage(named: name)?.rawValue.lowercased() == name.lowercased())
        #expect(ModelStage(named: name + " ") == nil)
    }

    @Test func `what is said of a version changes`() async throws {
        try await withModel { store in
            _ = try await store.makeVersion(of: "a", tags: ["a": "1", "b": "2"])
            let id = ModelVersionID("a", 1)
            let described = try await store.describeModelVersion(id, "words")
            #expect(described.description == "words")
            #expect(try await store.describeModelVersion(id, nil).description == nil)
            try await store.setModelVersionTags(["a": "3"], of: id)
            try await store.deleteModelVersionTag("b", of: id)
            try await store.deleteModelVersionTag("b", of: id)
            #expect(try await store.modelVersion(id).tags == ["a": "3"])
        }
    }

    @Test func `nothing is done to what is not there`() async throws {
        try await withModel { store in
            for id in [ModelVersionID("a", 1), ModelVersionID("none", 1), ModelVersionID("a", -1)] {
                let none = TrackingError.registry(.versionNotFound(model: id.model, version: "\(id.number)"))
                await #expect(throws: none) { try await store.modelVersion(id) }
                await #expect(throws: none) { try await store.describeModelVersion(id, "d") }
                await #expect(throws: none) { try await store.deleteModelVersion(id) }
                await #expect(throws: none) { try await store.moveModelVersion(id, to: .staging) }
                await #expect(throws: none) {
                    try await store.moveModelVersion(id, to: .staging, archivingOthers: true)
                }
                await #expect(throws: none) { try await store.setModelVersionTags(["a": "b"], of: id) }
                await #expect(throws: none) { try await store.deleteModelVersionTag("a", of: id) }
                await #expect(throws: none) { try await store.setModelAlias("x", to: id) }
            }
        }
    }

    @Test(
        arguments: [
            (NewModelVersion(model: "a", source: ""), "source: it is empty"),
            (
                NewModelVersion(model: "a", source: "s3://b/" + String(repeating: "m", count: 2042)),
                "source: 2049 characters; at most 2048 fit"
            ),
            (
                NewModelVersion(model: "a", source: "s3://b/m", run: String(repeating: "r", count: 251)),
                "run_id: 251 characters; at most 250 fit"
            ),
            (
                NewModelVersion(
                    model: "a", source: "s3://b/m", loggedModel: String(repeating: "r", count: 251)),
                "model_id: 251 characters; at most 250 fit"
            ),
            (
                NewModelVersion(model: "a", source: "s3://b/m", runLink: String(repeating: "l", count: 2049)),
                "run_link: 2049 characters; at most 2048 fit"
            ),
            (
                NewModelVersion(
                    model: "a", source: "s3://b/m", description: String(repeating: "d", count: 100_001)),
                "description: 100001 characters; at most 100000 fit"
            ),
            (
                NewModelVersion(
                    model: "a", source: "s3://b/m", tags: ["k": String(repeating: "v", count: 100_001)]),
                "tag 'k': 100001 characters; at most 100000 fit"
            ),
            (
                NewModelVersion(model: "a", source: "s3://b/m", loggedModel: "m-none"),
                "no logged model has the id 'm-none'"
            ),
        ])
    func `what does not fit is refused`(new: NewModelVersion, message: String) async throws {
        try await withModel { store in
            let error = await #expect(throws: TrackingError.self) { try await store.createModelVersion(new) }
            #expect(error?.description == message)
            let latest = try await store.latestVersions(of: "a")
            #expect(latest == [])
        }
    }

    /// A store with the registered model `a`.
    private func withModel(_ body: (SQLiteStore) async throws -> Void) async throws {
        try await withStore { store in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "a"))
            try await body(store)
        }
    }
}
