import AviaryArtifacts
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Foundation
import GRDB
import Testing

/// What is freed for good, and what is not.
struct PurgingTests {
    /// Later than all that goes into the trash here.
    private static let later = Timestamp(milliseconds: Timestamp.now.milliseconds + 3_600_000)

    @Test func `nothing of an experiment is left, nor of its runs and models`() async throws {
        try await withStore { store in
            let (rows, blobs) = (try Self.rowCounts(store), BlobStore(folder: store.folder))
            let run = try await Self.fill(store, "gone")
            let checkpoint = try Self.leaveCheckpoint(of: run, store)
            #expect(try Self.rowCounts(store).values.reduce(0, +) > rows.values.reduce(0, +) + 15)
            try await store.deleteExperiment(try await store.run(run).experimentID)
            let expired = try await store.expiredTrash(before: Self.later)
            #expect(expired.experimentCount == 1 && expired.runCount == 1 && expired.loggedModelCount == 1)
            #expect(expired.fileCount == 2 && expired.byteCount == 22)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.experimentCount == 1 && freed.runCount == 1 && freed.loggedModelCount == 1)
            #expect(freed.fileCount == 3 && freed.blobs.count == 3)
            #expect(try Self.rowCounts(store) == rows)
            #expect(try blobs.groups().allSatisfy(\.isEmpty))
            #expect(!FileManager.default.fileExists(atPath: checkpoint))
            await #expect(throws: TrackingError.runNotFound(run.description)) { try await store.run(run) }
            #expect(try await store.check().faults == [])
            #expect(try await store.freeTrash(before: Self.later) == FreedTrash())
        }
    }

    @Test func `what was deleted lately stays, and comes back whole`() async throws {
        try await withStore { store in
            let run = try await Self.fill(store, "e")
            let id = try await store.run(run).experimentID
            try await store.deleteExperiment(id)
            let rows = try Self.rowCounts(store)
            #expect(try await store.freeTrash(before: .now - .seconds(60)) == FreedTrash())
            #expect(try Self.rowCounts(store) == rows)
            try await store.restoreExperiment(id)
            #expect(try await store.history(run, key: "loss").count == 3)
            #expect(try await store.text(of: "\(id)/\(run)/artifacts/a.txt") == "of the run")
        }
    }

    @Test func `only what is in the trash goes`() async throws {
        try await withStore { store in
            let (kept, gone) = (try await Self.fill(store, "e"), try await Self.fill(store, "e"))
            try await store.deleteRun(gone)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.runCount == 1 && freed.experimentCount == 0 && freed.loggedModelCount == 0)
            // All that both runs kept has the same bytes.
            #expect(freed.fileCount == 1 && freed.blobs.count == 0)
            #expect(try await store.history(kept, key: "loss").count == 3)
            #expect(try await store.text(of: "1/\(kept)/artifacts/a.txt") == "of the run")
            #expect(try await store.links(of: kept).datasets.count == 1)
            #expect(try await store.runs(experiment: nil, limit: 9, cursor: nil).runs.map(\.id) == [kept])
        }
    }

    @Test(arguments: [
        "mlflow-artifacts:/1/RUN/artifacts/model", "mlflow-artifacts:/1/RUN/artifacts/mod%65l",
        "runs:/RUN/model",
    ])
    func `files of a registered version stay as long as the version`(source: String) async throws {
        try await withStore { store in
            let run = try await store.begin()
            let place = "1/\(run)/artifacts"
            for (path, text) in [("model/w", "weights"), ("modelled", "no part of it"), ("a", "b")] {
                try await store.upload(text, as: "\(place)/\(path)")
            }
            _ = try await store.createRegisteredModel(NewRegisteredModel(name: "net"))
            _ = try await store.createModelVersion(
                NewModelVersion(
                    model: "net", source: source.replacing("RUN", with: run.description), run: run.description
                ))
            try await store.deleteRun(run)
            var freed = try await store.freeTrash(before: Self.later)
            #expect(freed.runCount == 1 && freed.fileCount == 2 && freed.blobs.count == 2)
            #expect(try await store.text(of: "\(place)/model/w") == "weights")
            #expect(try await store.freeTrash(before: Self.later) == FreedTrash())
            try await store.deleteModelVersion(ModelVersionID("net", 1))
            freed = try await store.freeTrash(before: Self.later)
            #expect(freed.runCount == 0 && freed.fileCount == 1 && freed.blobs.count == 1)
            #expect(try await store.text(of: "\(place)/model/w") == nil)
        }
    }

    @Test func `an experiment in whose place others keep files takes only its own along`() async throws {
        try await withStore { store in
            let shared = "mlflow-artifacts:/shared"
            var runs: [RunID] = []
            for name in ["gone", "here"] {
                let experiment = try await store.createExperiment(
                    NewExperiment(name: name, artifactLocation: shared))
                let new = NewRun(experiment: .numbered(experiment.id), startTime: .now)
                let run = try await store.createRun(new).id
                try await store.upload(name, as: "shared/\(run)/artifacts/a")
                runs.append(run)
            }
            try await store.deleteExperiment(1)
            #expect(try await store.freeTrash(before: Self.later).fileCount == 1)
            #expect(try await store.text(of: "shared/\(runs[1])/artifacts/a") == "here")
        }
    }

    @Test(arguments: [
        "mlflow-artifacts:/0/models", "mlflow-artifacts:/0", "mlflow-artifacts:/0/RUN/artifacts",
    ])
    func `an experiment within the place of another takes nothing along`(location: String) async throws {
        try await withStore { store in
            let run = try await store.begin(in: "Default")
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0))
            let files = ["0/\(run)/artifacts/a", "0/models/\(model.id)/artifacts/m"]
            for file in files { try await store.upload("x", as: file) }
            let inside = try await store.createExperiment(
                NewExperiment(
                    name: "inside", artifactLocation: location.replacing("RUN", with: run.description)))
            try await store.deleteExperiment(inside.id)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.experimentCount == 1 && freed.fileCount == 0)
            for file in files { #expect(try await store.text(of: file) == "x") }
        }
    }

    @Test(arguments: [
        ("mlflow-artifacts:/a b", "mlflow-artifacts:/a%20b"),
        ("mlflow-artifacts:/models", "mlflow-artifacts:/"),
        ("mlflow-artifacts:/%31/x", "mlflow-artifacts:/1"), ("mlflow-artifacts:/2", "s3://elsewhere"),
    ])
    func `places that lead to one folder are one place`(gone: String, living: String) async throws {
        try await withStore { store in
            let old = try await store.createExperiment(NewExperiment(name: "gone", artifactLocation: gone))
            let here = try await store.createExperiment(NewExperiment(name: "here", artifactLocation: living))
            let run = try await store.createRun(NewRun(experiment: .numbered(here.id), startTime: .now))
            let folder = try #require(try await store.artifactRoot(of: run.id).folder)
            let file = "\(folder)/a".replacing("%20", with: " ").replacing("%31", with: "1")
            try await store.upload("x", as: file)
            try await store.upload("m", as: "models/m-1/artifacts/m")
            try await store.deleteExperiment(old.id)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.experimentCount == 1 && freed.fileCount == 0)
            #expect(try await store.text(of: file) == "x")
        }
    }

    @Test func `files below an encoded place are freed where they lie`() async throws {
        try await withStore { store in
            let experiment = try await store.createExperiment(
                NewExperiment(name: "e", artifactLocation: "mlflow-artifacts:/a%20b"))
            let run = try await store.createRun(NewRun(experiment: .numbered(experiment.id), startTime: .now))
            try await store.upload("x", as: "a b/\(run.id)/artifacts/x")
            try await store.deleteExperiment(experiment.id)
            #expect(try await store.expiredTrash(before: Self.later).fileCount == 1)
            #expect(try await store.freeTrash(before: Self.later).blobs.count == 1)
        }
    }

    @Test func `a version of a run's model is found when the run is gone, and so is its copy`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let model = try await store.createLoggedModel(
                NewLoggedModel(experiment: 1, name: "logged", sourceRun: run.description))
            let files = ["1/\(run)/artifacts/plain/w", "1/models/\(model.id)/artifacts/w"]
            for file in files { try await store.upload(file, as: file) }
            for (name, path) in [("a", "plain"), ("b", "logged")] {
                _ = try await store.createRegisteredModel(NewRegisteredModel(name: name))
                _ = try await store.createModelVersion(
                    NewModelVersion(model: name, source: "runs:/\(run)/\(path)", run: run.description))
            }
            try await store.deleteExperiment(1)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.runCount == 1 && freed.loggedModelCount == 1 && freed.fileCount == 0)
            for (name, file) in zip(["a", "b"], files) {
                let version = try await store.modelVersion(ModelVersionID(name, 1))
                #expect(version.source.hasPrefix("runs:/\(run)/"))
                #expect(version.location == "mlflow-artifacts:/\(file.dropLast(2))")
                _ = try await store.createRegisteredModel(NewRegisteredModel(name: "copy of \(name)"))
                _ = try await store.createModelVersion(
                    NewModelVersion(model: "copy of \(name)", source: "models:/\(name)/1"))
                try await store.deleteModelVersion(ModelVersionID(name, 1))
                #expect(try await store.freeTrash(before: Self.later).fileCount == 0)
                try await store.deleteModelVersion(ModelVersionID("copy of \(name)", 1))
                #expect(try await store.freeTrash(before: Self.later).fileCount == 1)
            }
        }
    }

    @Test func `models of number 0 go with its runs`() async throws {
        try await withStore { store in
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0))
            try await store.upload("x", as: "0/models/\(model.id)/artifacts/x")
            let run = try await store.begin(in: "Default")
            try await store.deleteExperiment(0)
            try await store.restoreRun(run, evenAlone: true)
            #expect(try await store.freeTrash(before: Self.later) == FreedTrash())
            try await store.deleteRun(run)
            #expect(try await store.expiredTrash(before: Self.later).loggedModelCount == 1)
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.runCount == 1 && freed.loggedModelCount == 1 && freed.blobs.count == 1)
        }
    }

    @Test func `what the disk does not give back is told, and holds nothing else up`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            // A folder is in the place of the checkpoint: it cannot be removed as a file is, not even by root.
            let checkpoint = CheckpointPlace.file(of: run, in: store.folder)
            try FileManager.default.createDirectory(atPath: checkpoint, withIntermediateDirectories: true)
            try await store.upload("x", as: "1/\(run)/artifacts/x")
            try await store.deleteRun(run)
            await #expect(throws: TrackingError.store(.unusable(path: checkpoint, detail: "Is a directory")))
            {
                try await store.freeTrash(before: Self.later)
            }
            #expect(try BlobStore(folder: store.folder).groups().allSatisfy(\.isEmpty))
            #expect(try await store.freeTrash(before: Self.later) == FreedTrash())
        }
    }

    @Test func `a data set goes with the last run that read it, a model with all that names it`() async throws
    {
        try await withStore { store in
            let (first, second) = (try await Self.fill(store, "e"), try await store.begin(in: "e"))
            let data = try await store.links(of: first).datasets
            let models = try await store.links(of: first).modelInputs
            try await store.logInputs(second, datasets: data, models: models)
            try await store.deleteRun(first)
            _ = try await store.freeTrash(before: Self.later)
            #expect(try await store.links(of: second).datasets == data)
            try await store.deleteLoggedModel(models[0])
            let freed = try await store.freeTrash(before: Self.later)
            #expect(freed.loggedModelCount == 1 && freed.fileCount == 1)
            #expect(try await store.links(of: second).modelInputs.isEmpty)
            try await store.deleteRun(second)
            _ = try await store.freeTrash(before: Self.later)
            #expect(try Self.rowCounts(store)["dataset"] == 0)
        }
    }

    @Test func `a run that was taken back holds its experiment, and number 0 stays`() async throws {
        try await withStore { store in
            let run = try await store.begin(in: "e")
            try await store.deleteExperiment(1)
            try await store.restoreRun(run, evenAlone: true)
            try await store.deleteExperiment(0)
            #expect(try await store.freeTrash(before: Self.later) == FreedTrash())
            #expect(try await store.experiments(.deleted).map(\.experiment.name) == ["Default", "e"])
        }
    }

    @Test func `the name of what is gone is free for everybody`() async throws {
        try await withStore { store in
            let old = try await store.createExperiment(NewExperiment(name: "a"))
            try await store.deleteExperiment(old.id)
            await #expect(throws: TrackingError.experimentExists("a", isDeleted: true)) {
                try await store.createExperiment(NewExperiment(name: "a"), reservingTrashed: true)
            }
            _ = try await store.freeTrash(before: Self.later)
            let new = try await store.createExperiment(NewExperiment(name: "a"), reservingTrashed: true)
            #expect(new.id > old.id)
        }
    }

    /// A process that was killed in between leaves this behind.
    @Test func `what was begun does not come back, and is freed next time`() async throws {
        try await withStore { store in
            let (begun, other) = (try await store.begin(in: "e"), try await store.begin(in: "e"))
            try await store.deleteExperiment(1)
            try Self.execute(store, "INSERT INTO condemned SELECT 'run', id FROM run WHERE uuid = '\(begun)'")
            try await store.restoreExperiment(1)
            #expect(try await store.runs(experiment: nil, limit: 9, cursor: nil).runs.map(\.id) == [other])
            await #expect(throws: TrackingError.runNotFound(begun.description)) {
                try await store.restoreRun(begun)
            }
            let freed = try await store.freeTrash(before: Timestamp(milliseconds: 0))
            #expect(freed.runCount == 1 && freed.experimentCount == 0)
            let empty = try await store.createExperiment(NewExperiment(name: "empty"))
            try await store.deleteExperiment(empty.id)
            try Self.execute(store, "INSERT INTO condemned VALUES ('experiment', \(empty.id))")
            let gone = TrackingError.experimentNumberNotFound(empty.id)
            await #expect(throws: gone) { try await store.restoreExperiment(empty.id) }
            await #expect(throws: gone) { try await store.restoreWholeExperiment(empty.id) }
            #expect(try await store.freeTrash(before: Timestamp(milliseconds: 0)).experimentCount == 1)
        }
    }

    @Test func `more points than fit a transaction go while others log`() async throws {
        try await withStore { store in
            let (gone, kept) = (try await store.begin(), try await store.begin())
            for start in stride(from: 0, to: 25_000, by: 1000) {
                try await store.log(gone, (start..<start + 1000).map { MetricPoint(1, step: Int64($0)) })
            }
            try await store.deleteRun(gone)
            let freed = try await withThrowingTaskGroup(of: FreedTrash?.self) { group in
                group.addTask { try await store.freeTrash(before: Self.later) }
                group.addTask {
                    for step in 0..<100 { try await store.log(kept, [MetricPoint(2, step: Int64(step))]) }
                    return nil
                }
                return try await group.compactMap { $0 }.reduce(into: []) { $0.append($1) }
            }
            #expect(freed.map(\.runCount) == [1])
            #expect(try await store.history(kept, key: "loss").count == 100)
            #expect(try Self.rowCounts(store)["point"] == 100)
        }
    }

    @Test func `searches do not find what is gone`() async throws {
        try await withStore { store in
            var runs: [RunID] = []
            for number in 0..<5 {
                runs.append(try await store.begin("\(number)", at: Int64(number)))
                try await store.log(runs[number], points: [], params: ["p": "\(number)"], tags: [:])
            }
            func found() async throws -> [RunID] {
                let filter = try RunSearch.filter("params.p >= 1", dialect: .native, now: 0)
                let question = RunQuestion(
                    experiments: nil, lifecycle: .any, filter: filter, limit: 9)
                return try await store.searchRuns(question).things.map(\.id)
            }
            #expect(try await found() == [runs[4], runs[3], runs[2], runs[1]])
            for run in [runs[4], runs[2]] { try await store.deleteRun(run) }
            _ = try await store.freeTrash(before: Self.later)
            let new = try await store.begin("new", at: 9)
            try await store.log(new, points: [], params: ["p": "9"], tags: [:])
            #expect(try await found() == [new, runs[3], runs[1]])
        }
    }

    @Test func `who only reads frees nothing`() async throws {
        try await withFolder { folder in
            try await SQLiteStore.open(folder, .write(create: true)).close()
            let reader = try await SQLiteStore.open(folder, .read)
            let refused = TrackingError.store(
                .unusable(path: folder, detail: "it was opened only for reading"))
            await #expect(throws: refused) { try await reader.freeTrash(before: Self.later) }
            try await reader.close()
        }
    }

    // MARK: -

    /// A run with something of every kind, in an experiment with tags, and a logged model beside it.
    private static func fill(_ store: SQLiteStore, _ experiment: String) async throws -> RunID {
        let run = try await store.begin(in: experiment)
        let id = try await store.run(run).experimentID
        try await store.setExperimentTags(["note": "n"], of: id)
        let model = try await store.createLoggedModel(
            NewLoggedModel(experiment: id, sourceRun: run.description, params: ["p": "1"], tags: ["t": "1"])
        ).id
        let points = (0..<3).map { MetricPoint(Double($0), step: Int64($0)) }
        try await store.log(
            run, points: points, params: ["lr": "0.1"], tags: ["a": "b"],
            links: points.map { PointLink($0, model: model) })
        let data = Dataset(name: "digits", digest: "1a", sourceType: "local", source: "{}")
        try await store.logInputs(run, datasets: [DatasetInput(data, tags: ["k": "v"])], models: [model])
        try await store.logOutputs(run, [ModelOutput(model: model, step: 0)])
        try await store.upload("of the run", as: "\(id)/\(run)/artifacts/a.txt")
        try await store.upload("of the model", as: "\(id)/models/\(model)/artifacts/m.txt")
        try await store.upload("of nobody", as: "\(id)/n.txt")
        return run
    }

    private static func leaveCheckpoint(of run: RunID, _ store: SQLiteStore) throws -> String {
        let file = CheckpointPlace.file(of: run, in: store.folder)
        try FileManager.default.createDirectory(
            atPath: CheckpointPlace.folder(in: store.folder), withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: file))
        return file
    }

    /// How many rows each table has, but for that of the revision.
    private static func rowCounts(_ store: SQLiteStore) throws -> [String: Int] {
        try DatabaseQueue(path: store.folder + "/aviary.db").read { db in
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            return try Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0)
                })
        }
    }

    private static func execute(_ store: SQLiteStore, _ sql: String) throws {
        try DatabaseQueue(path: store.folder + "/aviary.db").write { try $0.execute(sql: sql) }
    }
}
