import AviaryTracking
import AviaryTrackingStore
import Testing

struct ExperimentTests {
    @Test func `an experiment comes back as it was made`() async throws {
        try await withStore { store in
            let made = try await store.createExperiment(
                NewExperiment(name: "vögel", artifactLocation: "s3://bucket/x", tags: ["team": "a"]))
            #expect(made.id == 1)
            #expect(made.name == "vögel")
            #expect(made.artifactLocation == "s3://bucket/x")
            #expect(made.tags == ["team": "a"])
            #expect(!made.isDeleted)
            #expect(made.updatedAt == made.createdAt)
            #expect(try await store.experiment(1) == made)
            #expect(try await store.findExperiment(named: "vögel") == made)
            #expect(try await store.findExperiment(named: "other") == nil)
            let second = try await store.createExperiment(NewExperiment(name: "b"))
            #expect(second.artifactLocation == "mlflow-artifacts:/2")
        }
    }

    @Test func `a new store has the experiment Default`() async throws {
        try await withStore { store in
            let first = try await store.experiment(0)
            #expect(first.name == "Default")
            #expect(first.artifactLocation == "mlflow-artifacts:/0")
        }
    }

    @Test func `a name is had once among those that are not in the trash`() async throws {
        try await withStore { store in
            let made = try await store.createExperiment(NewExperiment(name: "a"))
            let taken = TrackingError.experimentExists("a", isDeleted: false)
            await #expect(throws: taken) { try await store.createExperiment(NewExperiment(name: "a")) }
            await #expect(throws: taken) { try await store.renameExperiment(0, to: "a") }
            try await store.deleteExperiment(made.id)
            let inTrash = TrackingError.experimentExists("a", isDeleted: true)
            await #expect(throws: inTrash) {
                try await store.createExperiment(NewExperiment(name: "a"), reservingTrashed: true)
            }
            await #expect(throws: inTrash) {
                try await store.renameExperiment(0, to: "a", reservingTrashed: true)
            }
            let other = try await store.createExperiment(NewExperiment(name: "a"))
            #expect(other.id != made.id)
            #expect(try await store.findExperiment(named: "a") == other)
            await #expect(throws: taken) { try await store.restoreExperiment(made.id) }
            try await store.renameExperiment(other.id, to: "b")
            try await store.restoreExperiment(made.id)
            #expect(try await store.findExperiment(named: "a")?.id == made.id)
        }
    }

    @Test func `the number of one that is gone is not given again`() async throws {
        try await withStore { store in
            #expect(try await store.createExperiment(NewExperiment(name: "a")).id == 1)
            try await store.deleteExperiment(1)
            #expect(try await store.createExperiment(NewExperiment(name: "b")).id == 2)
        }
    }

    @Test func `its runs go into the trash with it, and come back`() async throws {
        try await withStore { store in
            let run = try await store.begin("r", in: "a")
            let id = try await store.run(run).experimentID
            let before = try await store.changes(since: .max).revision
            try await store.deleteExperiment(id)
            #expect(try await store.experiment(id).isDeleted)
            #expect(try await store.run(run).isDeleted)
            #expect(try await store.changes(since: before).runs == [run])
            #expect(try await store.runs(experiment: nil, limit: 9, cursor: nil).runs == [])
            #expect(try await store.experiments().map(\.experiment.name) == ["Default"])
            await #expect(throws: TrackingError.deleted(.experiment, id: "\(id)")) {
                try await store.deleteExperiment(id)
            }
            await #expect(throws: TrackingError.deleted(.run, id: run.description)) {
                try await store.log(run, [MetricPoint(1, step: 1)])
            }
            await #expect(throws: TrackingError.deleted(.experiment, id: "\(id)")) {
                try await store.createRun(NewRun(experiment: .numbered(id), startTime: .now))
            }
            await #expect(throws: TrackingError.deleted(.experiment, id: "\(id)")) {
                try await store.renameExperiment(id, to: "b")
            }
            try await store.restoreExperiment(id)
            #expect(try await !store.run(run).isDeleted)
            await #expect(throws: TrackingError.experimentNumberNotFound(id)) {
                try await store.restoreWholeExperiment(id)
            }
        }
    }

    @Test func `a run begins in an experiment anew if that is in the trash`() async throws {
        try await withStore { store in
            let run = try await store.begin(in: "a")
            try await store.deleteExperiment(try await store.run(run).experimentID)
            let other = try await store.begin(in: "a")
            #expect(try await store.run(other).experimentID == 2)
        }
    }

    @Test func `tags are set, replaced and taken away`() async throws {
        try await withStore { store in
            try await store.setExperimentTags(["a": "1", "b": "2"], of: 0)
            try await store.setExperimentTags(["b": "3"], of: 0)
            #expect(try await store.experiment(0).tags == ["a": "1", "b": "3"])
            try await store.deleteExperimentTag("a", of: 0)
            #expect(try await store.experiment(0).tags == ["b": "3"])
            await #expect(throws: TrackingError.tagNotFound(key: "a", of: .experiment, id: "0")) {
                try await store.deleteExperimentTag("a", of: 0)
            }
            try await store.setExperimentTags(["long": String(repeating: "é", count: 20_000)], of: 0)
            await #expect(throws: TrackingError.self) {
                try await store.setExperimentTags(["long": String(repeating: "é", count: 20_001)], of: 0)
            }
            try await store.deleteExperiment(0)
            await #expect(throws: TrackingError.deleted(.experiment, id: "0")) {
                try await store.setExperimentTags(["c": "1"], of: 0)
            }
        }
    }

    @Test func `keys that are the same letters in other bytes are two keys`() async throws {
        try await withStore { store in
            try await store.setExperimentTags(["\u{E9}": "1"], of: 0)
            try await store.setExperimentTags(["e\u{301}": "2"], of: 0)
            #expect(try await store.experiment(0).tags == ["\u{E9}": "1", "e\u{301}": "2"])
        }
    }

    @Test func `what is not there is told by its number`() async throws {
        try await withStore { store in
            let missing = TrackingError.experimentNumberNotFound(9)
            await #expect(throws: missing) { try await store.experiment(9) }
            await #expect(throws: missing) { try await store.deleteExperiment(9) }
            await #expect(throws: missing) { try await store.renameExperiment(9, to: "a") }
            await #expect(throws: missing) { try await store.setExperimentTags(["a": "1"], of: 9) }
            #expect(missing.description == "no experiment has the number 9")
        }
    }

    @Test(arguments: ["", String(repeating: "n", count: 501), "a\0b"])
    func `a name that does not fit is refused`(name: String) async throws {
        try await withStore { store in
            await #expect(throws: TrackingError.self) {
                try await store.createExperiment(NewExperiment(name: name))
            }
            await #expect(throws: TrackingError.self) { try await store.renameExperiment(0, to: name) }
        }
    }
}
