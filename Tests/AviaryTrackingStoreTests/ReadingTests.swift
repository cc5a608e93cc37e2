import AviaryTracking
import AviaryTrackingStore
import Testing

struct ReadingTests {
    @Test func `pages show the newest first, each run once`() async throws {
        try await withStore { store in
            var made: [RunID] = []
            for index in 0..<7 {  // two runs share a start
                made.append(try await store.begin(in: "e\(index % 2)", at: Int64(index / 2)))
            }
            var seen: [RunID] = []
            var cursor: String?
            repeat {
                let page = try await store.runs(experiment: nil, limit: 3, cursor: cursor)
                #expect(page.runs.count <= 3)
                seen += page.runs.map(\.id)
                cursor = page.next
            } while cursor != nil
            #expect(seen == Array(made.reversed()))
            let even = try await store.runs(experiment: "e0", limit: 100, cursor: nil)
            #expect(even.runs.map(\.id) == [made[6], made[4], made[2], made[0]])
            #expect(even.next == nil)
        }
    }

    @Test func `a page asks for what there is`() async throws {
        try await withStore { store in
            await #expect(throws: TrackingError.experimentNotFound("none")) {
                _ = try await store.runs(experiment: "none", limit: 1, cursor: nil)
            }
            for cursor in ["", "x", "1", "1.2.3"] {
                await #expect(throws: TrackingError.self) {
                    _ = try await store.runs(experiment: nil, limit: 1, cursor: cursor)
                }
            }
            await #expect(throws: TrackingError.self) {
                _ = try await store.runs(experiment: nil, limit: 0, cursor: nil)
            }
            let page = try await store.runs(experiment: nil, limit: 1, cursor: nil)
            #expect(page.runs.isEmpty)
        }
    }

    @Test func `finds a run by its first digits or its name`() async throws {
        try await withStore { store in
            let run = try await store.begin("best one")
            _ = try await store.begin("twin")
            _ = try await store.begin("twin")
            #expect(try await store.run(matching: run.description).id == run)
            #expect(try await store.run(matching: String(run.description.prefix(20))).id == run)
            #expect(try await store.run(matching: "best one").id == run)
            let error = await #expect(throws: TrackingError.self) { try await store.run(matching: "twin") }
            guard case .ambiguousRun("twin", let matches)? = error else {
                Issue.record("expected two runs, got \(String(describing: error))")
                return
            }
            #expect(matches.count == 2)
            for text in ["", "nobody", "%", "best"] {
                await #expect(throws: TrackingError.runNotFound(text)) {
                    _ = try await store.run(matching: text)
                }
            }
        }
    }

    @Test func `experiments begin with the default one and are made once`() async throws {
        try await withStore { store in
            let made = try await store.experiment(named: "digits")
            #expect(try await store.experiment(named: "digits") == made)
            _ = try await store.begin(in: "digits")
            let all = try await store.experiments()
            #expect(all.map(\.experiment.name) == ["Default", "digits"])
            #expect(all.map(\.experiment.id).first == 0)
            #expect(all.map(\.runCount) == [0, 1])
        }
    }

    @Test func `changes name the runs written since`() async throws {
        try await withStore { store in
            let start = try await store.changes(since: .max)
            #expect(start.runs == [])
            let first = try await store.begin()
            let second = try await store.begin()
            let both = try await store.changes(since: start.revision)
            #expect(both.runs == [first, second])
            #expect(try await store.changes(since: both.revision).runs == [])
            try await store.log(first, [MetricPoint(1, step: 1)])
            let one = try await store.changes(since: both.revision)
            #expect(one.runs == [first])
            #expect(one.revision > both.revision)
            let none = try await store.changes(since: one.revision)
            #expect(none.runs == [])
            #expect(none.revision == one.revision)
            #expect(try await store.changes(since: start.revision).runs == [second, first])
        }
    }

    @Test func `a long history comes whole, across pages`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let points = (0..<26_000).map { MetricPoint(Double($0), step: Int64($0 / 3), time: Int64($0)) }
            for begin in stride(from: 0, to: points.count, by: 1000) {
                try await store.log(run, Array(points[begin..<min(begin + 1000, points.count)]))
            }
            #expect(try await store.history(run, key: "loss") == points)
            #expect(try await store.history(run, key: "none").isEmpty)
        }
    }
}
