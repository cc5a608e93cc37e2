import AviaryTracking
import AviaryTrackingStore
import Testing

/// What goes into the trash and comes back by our own rules; MLflow's are in `ExperimentTests` and `RunTests`.
struct TrashTests {
    @Test func `an experiment takes along what it went with`() async throws {
        try await withStore { store in
            let (kept, gone) = (try await store.begin(in: "a"), try await store.begin(in: "a"))
            let id = try await store.run(kept).experimentID
            try await store.deleteRun(gone)
            try await Task.sleep(for: .milliseconds(5))  // moments are told apart by milliseconds
            try await store.deleteExperiment(id)
            try await store.restoreExperiment(id)
            #expect(try await !store.run(kept).isDeleted)
            #expect(try await store.run(gone).isDeleted)
            try await store.restoreExperiment(id)  // is not there: stays as it is
            try await store.deleteExperiment(id)
            try await store.restoreWholeExperiment(id)
            #expect(try await !store.run(gone).isDeleted)
        }
    }

    @Test func `a name that is taken meanwhile can be changed on the way back`() async throws {
        try await withStore { store in
            let old = try await store.createExperiment(NewExperiment(name: "a"))
            try await store.deleteExperiment(old.id)
            let new = try await store.createExperiment(NewExperiment(name: "a"))
            let taken = TrackingError.experimentExists("a", isDeleted: false)
            await #expect(throws: taken) { try await store.restoreExperiment(old.id) }
            await #expect(throws: taken) { try await store.restoreExperiment(old.id, named: "a") }
            await #expect(throws: TrackingError.self) { try await store.restoreExperiment(old.id, named: "") }
            #expect(try await store.experiment(old.id).isDeleted)
            try await store.restoreExperiment(old.id, named: "b")
            #expect(try await store.experiment(old.id).name == "b")
            #expect(try await store.experiment(new.id).name == "a")
            #expect(try await store.experiments().map(\.experiment.name) == ["Default", "b", "a"])
            // Asked for again, it is so already.
            try await store.restoreExperiment(old.id, named: "b")
            await #expect(throws: taken) { try await store.restoreExperiment(old.id, named: "a") }
            try await store.restoreExperiment(old.id, named: "c")
            #expect(try await store.experiment(old.id).name == "c")
        }
    }

    @Test func `a run comes back into an experiment that is there`() async throws {
        try await withStore { store in
            let run = try await store.begin(in: "a")
            let id = try await store.run(run).experimentID
            try await store.deleteExperiment(id)
            await #expect(throws: TrackingError.deleted(.experiment, id: "\(id)")) {
                try await store.restoreRun(run)
            }
            #expect(try await store.run(run).isDeleted)
            try await store.restoreRun(run, evenAlone: true)
            #expect(try await !store.run(run).isDeleted)
        }
    }

    @Test func `lists are of what is there, of the trash, or of both`() async throws {
        try await withStore { store in
            let (here, there) = (try await store.begin(in: "a"), try await store.begin(in: "b"))
            try await store.deleteExperiment(try await store.run(there).experimentID)
            func runs(_ experiment: String?, _ lifecycle: Lifecycle) async throws -> [RunID] {
                try await store.runs(
                    experiment: experiment, lifecycle: lifecycle, limit: 9, cursor: nil
                ).runs.map(\.id)
            }
            #expect(try await runs(nil, .active) == [here])
            #expect(try await runs(nil, .deleted) == [there])
            #expect(try await runs(nil, .any) == [there, here])
            #expect(try await runs("b", .deleted) == [there])
            #expect(try await runs("a", .deleted) == [])
            await #expect(throws: TrackingError.experimentNotFound("b")) { try await runs("b", .active) }
            // The name is used again: runs of both are found, the newest first, page by page.
            let new = try await store.begin(in: "b", at: 1_000_001)
            let third = try await store.begin(in: "b", at: 999_999)
            #expect(try await runs("b", .active) == [new, third])
            #expect(try await runs("b", .deleted) == [there])
            #expect(try await runs("b", .any) == [new, there, third])
            var pages: [RunID] = []
            var cursor: String?
            repeat {
                let page = try await store.runs(experiment: "b", lifecycle: .any, limit: 1, cursor: cursor)
                pages += page.runs.map(\.id)
                cursor = page.next
            } while cursor != nil
            #expect(pages == [new, there, third])
            #expect(try await store.experiments(named: "b") == [3])
            #expect(try await store.experiments(named: "b", ofRuns: .deleted) == [2, 3])
            try await store.deleteExperiment(3)
            #expect(try await runs("b", .deleted) == [new, there, third])
            let names = { (lifecycle: Lifecycle) in
                try await store.experiments(lifecycle).map(\.experiment.name)
            }
            #expect(try await names(.active) == ["Default", "a"])
            #expect(try await names(.deleted) == ["b", "b"])
            #expect(try await names(.any) == ["Default", "a", "b", "b"])
            #expect(try await store.experimentSummary(2).experiment.isDeleted)
            #expect(try await store.experimentSummary(1).runCount == 1)
        }
    }
}
