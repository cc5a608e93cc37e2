import AviaryTracking
import AviaryTrackingStore
import GRDB
import Testing

/// Which sources a version may have, and what it takes from them.
struct VersionOriginTests {
    /// Whom a request names, as run or as logged model.
    enum Named: Sendable {
        case nobody
        case run, other, unknownRun
        case model, otherModel, unknownModel
    }

    private static let unknownRun = String(repeating: "0", count: 32)
    private static let unknownModel = "m-" + unknownRun

    /// A store with two runs and two logged models, of which the first have a registered version.
    ///
    /// `diskRun` belongs to an experiment whose files are on a disk.
    struct Scene: Sendable {
        var run = "", other = "", diskRun = ""
        let model = "m-" + String(repeating: "1", count: 32)
        let otherModel = "m-" + String(repeating: "2", count: 32)
        let deletedModel = "m-" + String(repeating: "3", count: 32)
        var root = ""

        func filled(_ text: String) -> String {
            text.replacing("ROOT", with: root).replacing("OTHERMODEL", with: otherModel)
                .replacing("DELETEDMODEL", with: deletedModel).replacing("MODEL", with: model)
                .replacing("OTHER", with: other).replacing("RUN", with: run)
        }

        func version(_ source: String, _ named: Named) -> NewModelVersion {
            var new = NewModelVersion(model: "target", source: filled(source))
            switch named {
            case .nobody: break
            case .run: new.run = run
            case .other: new.run = other
            case .unknownRun: new.run = VersionOriginTests.unknownRun
            case .model: new.loggedModel = model
            case .otherModel: new.loggedModel = otherModel
            case .unknownModel: new.loggedModel = VersionOriginTests.unknownModel
            }
            return new
        }
    }

    @Test func `a place is held to the run or logged model that it lies in`() async throws {
        try await Self.withScene { store, scene in
            let taken: [(String, Named)] = [
                ("ROOT/model", .run), ("ROOT", .run), ("ROOT/", .run), ("ROOT/a%20b", .run),
                ("MLFLOW-artifacts:/1/RUN/artifacts/m", .run), ("ROOT//model", .run),
                ("runs:/RUN/model", .run), ("runs:/RUN", .run), ("runs:/OTHER/model", .other),
                ("mlflow-artifacts:/1/models/MODEL/artifacts", .model),
                ("mlflow-artifacts:/1/models/MODEL/artifacts/data", .model), ("models:/MODEL", .model),
                ("s3://bucket/model", .nobody), ("s3://bucket/model", .unknownRun),
                ("s3://bucket/model", .model), ("s3://bucket/m?x=..", .nobody),
                ("s3://bucket/m#../x", .nobody), ("gs://b/m", .run), ("dbfs:/m", .nobody),
                ("wasbs://c@a.example/m", .nobody),
            ]
            for (source, named) in taken {
                let made = try await store.createModelVersion(scene.version(source, named))
                #expect(made.source == scene.filled(source), "\(source) \(named)")
                let location =
                    source == "models:/MODEL" ? "mlflow-artifacts:/1/models/MODEL/artifacts" : source
                #expect(made.location == scene.filled(location), "\(source) \(named)")
                #expect(made.run == Self.run(named, scene), "\(source) \(named)")
                #expect(made.loggedModel == (named == .model ? scene.model : nil), "\(source) \(named)")
            }
        }
    }

    private static func run(_ named: Named, _ scene: Scene) -> String {
        switch named {
        case .run, .model: scene.run  // a logged model brings the run that made it
        case .other: scene.other
        case .unknownRun: unknownRun
        default: ""
        }
    }

    @Test func `other places are refused`() async throws {
        try await Self.withScene { store, scene in
            let notOfRun = SourceProblem.notOf(.run)
            let notOfModel = SourceProblem.notOf(.loggedModel)
            let refused: [(String, [Named], SourceProblem)] = [
                ("ROOT/model", [.nobody, .other, .unknownRun], notOfRun),
                ("ROOT/model", [.model], notOfModel),
                ("ROOTS/model", [.run], notOfRun), ("mlflow-artifacts:/1/other", [.run], notOfRun),
                ("mlflow-artifacts:/1/RUN/artifacts%2Fmodel", [.run], notOfRun),
                ("mlflow-artifacts:/1/models/MODEL/artifacts", [.otherModel, .unknownModel], notOfModel),
                ("mlflow-artifacts:/1/models/DELETEDMODEL/artifacts", [.model], notOfModel),
                ("ROOT/a/../model", [.nobody, .run, .model], .notAbsolute),
                ("ROOT/../../x", [.run], .notAbsolute), ("ROOT/%2e%2e/x", [.run], .notAbsolute),
                ("ROOT/%252e%252E/x", [.run], .notAbsolute), ("ROOT/./x", [.run], .notAbsolute),
                ("mlflow-artifacts:/", [.run], .notAbsolute), ("mlflow-artifacts:x", [.run], .notAbsolute),
                ("runs:/RUN/model", [.nobody, .other, .unknownRun], notOfRun),
                ("runs:/RUN/model", [.model], notOfModel), ("runs://host/RUN/x", [.run], notOfRun),
                ("runs:/RUN/../x", [.run], .notAbsolute), ("runs:/", [.run], .notAbsolute),
                ("models:/MODEL", [.nobody, .run, .otherModel], notOfModel),
                ("models:/OTHERMODEL", [.model], notOfModel), ("models:/DELETEDMODEL", [.model], notOfModel),
                ("models:/\(Self.unknownModel)", [.unknownModel], notOfModel),
                ("models:/origin", [.nobody], notOfModel), ("models:/", [.nobody], notOfModel),
                ("models:/a/1/x", [.nobody], notOfModel), ("models:/origin@", [.nobody], notOfModel),
                ("models:/origin/ ", [.nobody], notOfModel),
                ("models://h/origin/1", [.nobody], .otherRegistry),
                ("models:/origin/1", [.other, .unknownRun, .model], .otherLineage),
                ("models:/origin@best", [.other], .otherLineage), ("models:/prompt/1", [.nobody], .prompt),
                ("mlflow-artifacts://host/1/x", [.run], .otherHost(scheme: "mlflow-artifacts")),
                ("https://host/m", [.nobody], .otherHost(scheme: "https")),
                ("HTTP://h/api/2.0/mlflow-artifacts/artifacts/x", [.run], .otherHost(scheme: "http")),
                ("ftp://host/m", [.nobody], .otherHost(scheme: "ftp")),
                ("hdfs://host/m", [.nobody], .otherHost(scheme: "hdfs")),
                ("file://host/m", [.nobody, .run], .remoteFile),
                ("s3://bucket/../m", [.nobody], .notAbsolute), ("s3://bucket", [.nobody], .notAbsolute),
                ("s3:bucket", [.nobody], .notAbsolute), ("s3://bucket/a%00b", [.nobody], .notAbsolute),
                ("s3://bucket/%2e%2e/m", [.nobody], .notAbsolute), ("dbfs:/../m", [.nobody], .notAbsolute),
                ("C:\\model", [.nobody, .run], .notAbsolute),
                ("/tmp/model", [.nobody, .run], .outside(.run, path: "/tmp/model")),
                ("/tmp/model", [.unknownRun], notOfRun), ("/tmp/model", [.unknownModel], notOfModel),
                ("/tmp/model", [.model], .outside(.loggedModel, path: "/tmp/model")),
                ("file:/etc/passwd", [.nobody], .outside(.run, path: "file:/etc/passwd")),
                ("file:///etc/./passwd", [.run], .outside(.run, path: "/etc/passwd")),
                ("file://localhost/tmp/m", [.run], .outside(.run, path: "/tmp/m")),
                ("../model", [.run], .outside(.run, path: "../model")),
                (" ", [.run], .outside(.run, path: " ")),
            ]
            for (source, all, problem) in refused {
                for named in all {
                    let new = scene.version(source, named)
                    let error = TrackingError.registry(.source(new.source, problem))
                    await #expect(throws: error, "\(source) \(named)") {
                        try await store.createModelVersion(new)
                    }
                }
            }
            let latest = try await store.latestVersions(of: "target")
            #expect(latest == [])
        }
    }

    @Test func `a path of a disk is taken below the files of its run`() async throws {
        try await Self.withScene { store, scene in
            let folder = "/data/x/\(scene.diskRun)/artifacts"
            for source in [
                folder, "\(folder)/m", "file://\(folder)/m", "file:\(folder)/a/../m", "\(folder)//m",
            ] {
                let new = NewModelVersion(model: "target", source: source, run: scene.diskRun)
                let made = try await store.createModelVersion(new)
                #expect(made.location == source)
            }
            for source in [
                "\(folder)/../m", "\(folder)s", "\(folder)/%2e%2e/m", "file:\(folder)/../../m", "/",
            ] {
                let new = NewModelVersion(model: "target", source: source, run: scene.diskRun)
                await #expect(throws: TrackingError.self, "\(source)") {
                    try await store.createModelVersion(new)
                }
            }
        }
    }

    @Test(
        arguments: [
            ("models:/origin/1", nil), ("models:/origin@best", nil), ("models:/origin/latest", nil),
            ("models:/origin/LATEST", nil), ("models:/origin@latest", nil), ("models:/origin/staging", nil),
            ("models:/a#b/1", "models:/a#b/1"),
        ] as [(String, String?)])
    func `a version of another comes from where that one does`(source: String, kept: String?) async throws {
        try await Self.withScene { store, scene in
            let made = try await store.createModelVersion(scene.version(source, .nobody))
            #expect(made.source == kept ?? "models:/origin/1")
            if kept == nil {
                #expect(made.location == "\(scene.root)/model")
                #expect(made.run == scene.run)
            }
            // A copy of the copy too.
            let copy = NewModelVersion(model: "origin", source: "models:/target/1", run: made.run)
            #expect(try await store.createModelVersion(copy).location == made.location)
        }
    }

    @Test(
        arguments: [
            ("models:/none/1", .modelNotFound("none")),
            ("models:/origin/9", .versionNotFound(model: "origin", version: "9")),
            (
                "models:/origin/99999999999999999999",
                .versionNotFound(model: "origin", version: "99999999999999999999")
            ),
            ("models:/origin@none", .aliasNotFound("none")),
            ("models:/origin/Production", .noVersion(model: "origin", stage: "Production")),
            ("models:/origin/Retired", .unknownStage("Retired")),
            ("models:/target/latest", .noVersion(model: "target", stage: nil)),
        ] as [(String, RegistryError)])
    func `a version that is not there is no source`(source: String, problem: RegistryError) async throws {
        try await Self.withScene { store, scene in
            await #expect(throws: TrackingError.registry(problem)) {
                try await store.createModelVersion(scene.version(source, .nobody))
            }
        }
    }

    @Test func `a version of a logged model's version is one of that model`() async throws {
        try await Self.withScene { store, scene in
            _ = try await store.createModelVersion(scene.version("models:/MODEL", .model))
            for model in [nil, scene.model] {
                let new = NewModelVersion(model: "origin", source: "models:/target/1", loggedModel: model)
                let made = try await store.createModelVersion(new)
                #expect(made.loggedModel == scene.model)
                #expect(made.run == scene.run)
                #expect(made.location == "mlflow-artifacts:/1/models/\(scene.model)/artifacts")
            }
            let notIts = NewModelVersion(
                model: "origin", source: "models:/target/1", loggedModel: scene.otherModel)
            await #expect(throws: TrackingError.registry(.source("models:/target/1", .otherLineage))) {
                try await store.createModelVersion(notIts)
            }
        }
    }

    @Test func `a logged model notes the versions that it is named for`() async throws {
        try await Self.withScene { store, scene in
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "grüße \"x\"\u{1}🦉"))
            _ = try await store.createModelVersion(scene.version("models:/MODEL", .model))
            _ = try await store.createModelVersion(scene.version("models:/MODEL", .model))
            var other = scene.version("s3://bucket/m", .model)
            other.model = "grüße \"x\"\u{1}🦉"
            _ = try await store.createModelVersion(other)
            _ = try await store.createModelVersion(scene.version("models:/target/1", .nobody))
            #expect(
                try await Self.versionsTag(of: scene.model, in: store.folder) == #"""
                    [{"name": "target", "version": 1}, {"name": "target", "version": 2}, \#
                    {"name": "gr\u00fc\u00dfe \"x\"\u0001\ud83e\udd89", "version": 1}]
                    """#)
            #expect(try await Self.versionsTag(of: scene.otherModel, in: store.folder) == nil)
        }
    }

    @Test func `a list that would be too long begins anew`() async throws {
        try await Self.withScene { store, scene in
            let name = String(repeating: "n", count: 500)
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: name))
            for _ in 0..<16 {
                var new = scene.version("models:/MODEL", .model)
                new.model = name
                _ = try await store.createModelVersion(new)
            }
            let tag = try #require(try await Self.versionsTag(of: scene.model, in: store.folder))
            #expect(tag == #"[{"name": "\#(name)", "version": 16}]"#)
        }
    }

    @Test(arguments: ["dummy-source", "prompt-template"])
    func `a prompt has a source that is none`(source: String) async throws {
        try await Self.withScene { store, _ in
            let tags: [ExactKey: String] = [
                "mlflow.prompt.is_prompt": "True", "mlflow.prompt.text": "Say {{word}}.",
            ]
            let made = try await store.makeVersion(of: "prompt", source: source, tags: tags)
            #expect(made.location == source)
            #expect(made.tags == tags)
            await #expect(throws: TrackingError.registry(.source("s3://b/m", .notOfPrompt))) {
                try await store.makeVersion(of: "prompt", source: "s3://b/m", tags: tags)
            }
        }
    }

    private static let beginning = "Invalid model version source: 's3:x'."

    @Test(
        arguments: [
            (
                .notOf(.run),
                "\(beginning) The run_id request parameter must identify the resource that contains the source."
            ),
            (
                .notOf(.loggedModel),
                "\(beginning) The model_id request parameter must identify the resource that contains the source."
            ),
            (
                .outside(.run, path: "/x"),
                "Invalid model version source: '/x'. To use a local path as a model version source, the run_id request "
                    + "parameter has to be specified and the local path has to be contained within the artifact "
                    + "directory of the run specified by the run_id."
            ),
            (
                .outside(.loggedModel, path: "/x"),
                "Invalid model version source: '/x'. To use a local path as a model version source, the model_id "
                    + "request parameter has to be specified and the local path has to be contained within the "
                    + "artifact directory of the run specified by the model_id."
            ),
            (
                .notAbsolute,
                "\(beginning) If supplying a source as an http, https, local file path, ftp, objectstore, or "
                    + "mlflow-artifacts uri, an absolute path must be provided without relative path references "
                    + "present. Please provide an absolute path."
            ),
            (
                .remoteFile,
                "s3:x is not a valid remote uri. For remote access on windows, please consider using a different "
                    + "scheme such as SMB (e.g. smb://<hostname>/<path>)."
            ),
            (
                .otherHost(scheme: "ftp"),
                "'source' cannot use the 'ftp' scheme: it names a host, and a model version is kept by this server or "
                    + "in an object store."
            ),
            (.otherRegistry, "\(beginning) Registered model sources must use the active model registry."),
            (.prompt, "\(beginning) Prompt versions cannot be used as model version sources."),
            (
                .otherLineage,
                "\(beginning) The run_id and model_id request parameters must match the referenced model version."
            ),
            (.notOfPrompt, "Invalid prompt source: 's3:x'. Prompt sources must use an MLflow placeholder."),
        ] as [(SourceProblem, String)])
    func `what is wrong with a source is said in MLflow's words`(problem: SourceProblem, message: String) {
        #expect(RegistryError.source("s3:x", problem).description == message)
    }

    // MARK: - The scene

    private static func withScene(_ body: (SQLiteStore, Scene) async throws -> Void) async throws {
        try await withFolder { folder in
            var scene = Scene()
            var store = try await SQLiteStore.open(folder, .write(create: true))
            try await makeRuns(&scene, store)
            try await store.close()
            try await makeLoggedModels(scene, folder)
            store = try await SQLiteStore.open(folder, .write(create: false))
            do {
                try await makeVersions(scene, store)
                try await body(store, scene)
            } catch {
                try await store.close()
                throw error
            }
            try await store.close()
        }
    }

    private static func makeRuns(_ scene: inout Scene, _ store: SQLiteStore) async throws {
        scene.run = try await store.begin("owner", in: "sources").description
        scene.other = try await store.begin("other", in: "sources").description
        scene.root = "mlflow-artifacts:/1/\(scene.run)/artifacts"
        _ = try await store.createExperiment(NewExperiment(name: "disk", artifactLocation: "/data/x"))
        scene.diskRun = try await store.begin("disk", in: "disk").description
    }

    private static func makeLoggedModels(_ scene: Scene, _ folder: String) async throws {
        let database = try DatabaseQueue(path: folder + "/aviary.db")
        try await database.write { db in
            for (id, run, deleted) in [
                (scene.model, scene.run, nil), (scene.otherModel, "", nil),
                (scene.deletedModel, scene.run, 1),
            ] as [(String, String, Int?)] {
                try db.execute(
                    sql: """
                        INSERT INTO logged_model
                            (uuid, experiment, name, status, model_type, run, created_at, updated_at, deleted_at)
                        VALUES (?, 1, 'm', 2, '', ?, 1, 1, ?)
                        """, arguments: [id, run, deleted])
            }
        }
        try database.close()
    }

    private static func makeVersions(_ scene: Scene, _ store: SQLiteStore) async throws {
        for name in ["origin", "target", "a#b"] {
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: name))
        }
        let tags: [ExactKey: String] = ["mlflow.prompt.is_prompt": "true"]
        _ = try await store.createRegisteredModel(NewRegisteredModel(name: "prompt", tags: tags))
        _ = try await store.makeVersion(of: "prompt", source: "dummy-source", tags: tags)
        _ = try await store.makeVersion(of: "a#b")
        _ = try await store.createModelVersion(
            NewModelVersion(model: "origin", source: "\(scene.root)/model", run: scene.run))
        _ = try await store.moveModelVersion(ModelVersionID("origin", 1), to: .staging)
        try await store.setModelAlias("best", to: ModelVersionID("origin", 1))
    }

    private static func versionsTag(of model: String, in folder: String) async throws -> String? {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: folder + "/aviary.db", configuration: configuration)
        let tag = try await database.read { db in
            try String.fetchOne(
                db,
                sql: """
                    SELECT value FROM logged_model_tag JOIN logged_model ON logged_model.id = model
                    WHERE uuid = ? AND key = 'mlflow.modelVersions'
                    """, arguments: [model])
        }
        try database.close()
        return tag
    }
}
