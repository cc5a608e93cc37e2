import AviaryTracking
import AviaryTrackingStore
import Testing

struct RunTests {
    @Test func `only what is given changes`() async throws {
        try await withStore { store in
            let run = try await store.begin("first")
            let end = Timestamp(milliseconds: 5)
            var changed = try await store.updateRun(run, RunChange(status: .finished, endTime: end))
            #expect(changed.name == "first")
            #expect(changed.status == .finished)
            #expect(changed.endTime == end)
            changed = try await store.updateRun(run, RunChange(name: "second"))
            #expect(changed.name == "second")
            #expect(changed.status == .finished)
            #expect(changed == (try await store.run(run)))
            await #expect(throws: TrackingError.self) { try await store.updateRun(run, RunChange(name: "")) }
        }
    }

    @Test func `a run goes into the trash and comes back, as often as one likes`() async throws {
        try await withStore { store in
            let run = try await store.begin("r")
            for _ in 0..<2 { try await store.deleteRun(run) }
            #expect(try await store.run(run).isDeleted)
            #expect(try await store.runs(experiment: nil, limit: 9, cursor: nil).runs == [])
            let refused = TrackingError.deleted(.run, id: run.description)
            await #expect(throws: refused) { try await store.updateRun(run, RunChange(name: "x")) }
            await #expect(throws: refused) { try await store.deleteTag("a", of: run) }
            await #expect(throws: refused) { try await store.logInputs(run, datasets: [], models: ["m"]) }
            await #expect(throws: refused) { try await store.logOutputs(run, []) }
            #expect(refused.description == "run \(run) is in the trash; restore it first")
            for _ in 0..<2 { try await store.restoreRun(run) }
            #expect(try await !store.run(run).isDeleted)
        }
    }

    @Test func `the tag of the name is the name`() async throws {
        try await withStore { store in
            let key: ExactKey = "mlflow.runName"
            let tagged = NewRun(experiment: .numbered(0), tags: [key: "a", "b": "c"], startTime: .now)
            let run = try await store.createRun(tagged)
            #expect(run.name == "a")
            #expect(run.tags == ["b": "c"])
            try await store.log(run.id, points: [], params: [:], tags: [key: "d"])
            #expect(try await store.run(run.id).name == "d")
            try await store.log(run.id, points: [], params: [:], tags: [key: ""])
            try await store.deleteTag(key.text, of: run.id)
            #expect(try await store.run(run.id).name == "d")
            #expect(try await store.run(run.id).tags == ["b": "c"])
        }
    }

    @Test func `a tag is taken away once`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, points: [], params: [:], tags: ["a": "1"])
            try await store.deleteTag("a", of: run)
            #expect(try await store.run(run).tags.isEmpty)
            await #expect(throws: TrackingError.tagNotFound(key: "a", of: .run, id: run.description)) {
                try await store.deleteTag("a", of: run)
            }
        }
    }

    @Test func `a tag is changed by what it was`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            for _ in 0..<3 { try await store.changeTag("n", of: run) { known in (known ?? "") + "x" } }
            #expect(try await store.run(run).tags == ["n": "xxx"])
            await #expect(throws: TrackingError.self) {
                try await store.changeTag("n", of: run) { _ in String(repeating: "x", count: 8001) }
            }
            #expect(try await store.run(run).tags == ["n": "xxx"])
        }
    }

    @Test func `clients that go on logging may`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.end(run, .finished, at: .now)
            try await store.log(
                run, points: [MetricPoint(1, step: 1)], params: ["a": "1"], tags: [:], intoEnded: true)
            #expect(try await store.run(run).params == ["a": "1"])
        }
    }

    @Test func `all params that would change are told`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, points: [], params: ["b": "1", "a": "1", "c": "1"], tags: [:])
            let changes = [
                ParamChange(key: "a", old: "1", new: "2"), ParamChange(key: "b", old: "1", new: "3"),
            ]
            let refused = TrackingError.paramsChanged(run: run.description, changes)
            await #expect(throws: refused) {
                try await store.log(
                    run, points: [], params: ["b": "3", "a": "2", "c": "1", "d": "1"], tags: [:])
            }
            #expect(try await store.run(run).params == ["a": "1", "b": "1", "c": "1"])
            #expect(
                refused.description
                    == "param 'a' was logged as '1' and cannot become '2', "
                    + "param 'b' was logged as '1' and cannot become '3'; params of a run never change (\(run))"
            )
        }
    }

    @Test func `lengths are counted in code points`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let key = String(repeating: "🐦", count: 250)
            try await store.log(
                run, points: [MetricPoint(key, 1, step: 1)],
                params: [ExactKey(key): String(repeating: "é", count: 6000)], tags: [:])
            await #expect(throws: TrackingError.self) {
                try await store.log(run, [MetricPoint(key + "x", 1, step: 1)])
            }
        }
    }
}
