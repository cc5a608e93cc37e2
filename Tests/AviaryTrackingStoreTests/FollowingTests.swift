import AviaryFuzzing
import AviaryTracking
import AviaryTrackingStore
import Testing

struct FollowingTests {
    /// Every point that was told, each pause at a revision that a transaction had.
    private static func tell(
        _ runs: [RunID], from start: Int64, _ store: SQLiteStore, _ change: (Int) async throws -> Bool
    ) async throws -> [MetricPoint] {
        var told: [MetricPoint] = []
        var revision = start
        var round = 0
        var goesOn = true
        while goesOn {
            goesOn = try await change(round)
            round += 1
            let new = try await store.newPoints(of: runs, since: revision)
            #expect(new.reset == [])
            #expect(new.points.allSatisfy { $0.revision > revision && $0.revision <= new.revision })
            #expect(new.points.map(\.revision) == new.points.map(\.revision).sorted())
            told += new.points.map(\.point)
            revision = new.revision
        }
        return told
    }

    @Test(arguments: [1 as UInt64, 2, 3])
    func `each point is told once, in whatever order points come`(seed: UInt64) async throws {
        try await withStore { store in
            var random = SeededRandom(seed)
            let runs = [try await store.begin(), try await store.begin()]
            let start = try await store.changes(since: .max).revision
            var given: Set<MetricPoint> = []
            let told = try await Self.tell(runs, from: start, store) { round in
                for _ in 0..<random.one(of: [0, 1, 3]) {
                    let key = random.one(of: ["loss", "accuracy"])
                    let points = (0..<random.one(of: [1, 2, 20])).map { index in
                        // Now and then before those there are, or the very same.
                        let step =
                            random.oneIn(3)
                            ? Int64.random(in: 0..<50, using: &random) : Int64(round * 10 + index)
                        return MetricPoint(key, Double(step), step: step)
                    }
                    let run = random.one(of: runs)
                    try await store.log(run, points)
                    if run == runs[0] { given.formUnion(points) }
                }
                return round < 60
            }
            // Both runs may have a point: those of the first one are looked at by themselves.
            let ofFirst = try await store.newPoints(of: [runs[0]], since: start).points.map(\.point)
            #expect(Set(ofFirst) == given)
            #expect(ofFirst.count == given.count)
            var all: [MetricPoint] = []
            for run in runs {
                for key in ["loss", "accuracy"] { all += try await store.history(run, key: key) }
            }
            let order = { (left: MetricPoint, right: MetricPoint) in
                (left.key, left.step) < (right.key, right.step)
            }
            #expect(told.sorted(by: order) == all.sorted(by: order))
        }
    }

    @Test func `points that were taken away are told by the run`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let other = try await store.begin()
            try await store.log(run, (0..<10).map { MetricPoint(1, step: $0) })
            let before = try await store.changes(since: .max).revision
            try await store.resume(run, lastSteps: ["loss": 4], at: .now)
            try await store.log(run, [MetricPoint(2, step: 5)])
            try await store.log(other, [MetricPoint(3, step: 0)])
            let new = try await store.newPoints(of: [run, other], since: before)
            #expect(new.reset == [run])
            #expect(new.points.map(\.point) == [MetricPoint(3, step: 0)])
            try await store.log(run, [MetricPoint(2, step: 6)])
            let later = try await store.newPoints(of: [run, other], since: new.revision)
            #expect(later.reset == [])
            #expect(later.points.map(\.point) == [MetricPoint(2, step: 6)])
            // A run that goes on where it stopped has lost nothing.
            try await store.resume(run, lastSteps: ["loss": 6], at: .now)
            #expect(try await store.newPoints(of: [run], since: later.revision).reset == [])
        }
    }

    @Test func `more points than are told one by one are told by the run`() async throws {
        try await withStore { store in
            let (small, large) = (try await store.begin(), try await store.begin())
            let start = try await store.changes(since: .max).revision
            try await store.log(small, [MetricPoint(1, step: 1)])
            try await store.log(large, (0..<5).map { MetricPoint(1, step: $0) })
            #expect(try await store.newPoints(of: [small, large], since: start, limit: 6).points.count == 6)
            let new = try await store.newPoints(of: [small, large], since: start, limit: 5)
            #expect(new.reset == [large])
            #expect(new.points.map(\.run) == [small])
        }
    }

    @Test func `new points among too many others are told by the run`() async throws {
        try await withStore { store in
            let (rising, mixed) = (try await store.begin(), try await store.begin())
            for run in [rising, mixed] { try await store.log(run, (1..<10).map { MetricPoint(1, step: $0) }) }
            let start = try await store.changes(since: .max).revision
            try await store.log(rising, [MetricPoint(1, step: 10)])
            try await store.log(mixed, [MetricPoint("other", 1, step: 1), MetricPoint(1, step: 0)])
            let runs = [rising, mixed]
            let all = try await store.newPoints(of: runs, since: start, scanLimit: 10)
            #expect(all.reset == [])
            #expect(all.points.count == 3)
            let some = try await store.newPoints(of: runs, since: start, scanLimit: 9)
            #expect(some.reset == [mixed])
            #expect(some.points.map(\.run) == [rising])
            // A series in which nothing came late since then is looked at from its end.
            try await store.log(mixed, [MetricPoint(1, step: 11)])
            let later = try await store.newPoints(of: runs, since: some.revision, scanLimit: 0)
            #expect(later.reset == [])
            #expect(later.points.map(\.point.step) == [11])
        }
    }

    @Test func `what was told, and a run that is not there, have nothing new`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, [MetricPoint(1, step: 1)])
            let now = try await store.changes(since: .max).revision
            let none = try await store.newPoints(of: [run, RunID.random()], since: now)
            #expect(none.revision == now)
            #expect(none.points == [])
            #expect(none.reset == [])
        }
    }

    @Test func `many changed runs are told as any`() async throws {
        try await withStore { store in
            let start = try await store.changes(since: .max).revision
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1001 { group.addTask { _ = try await store.begin() } }
                try await group.waitForAll()
            }
            #expect(try await store.changes(since: start).runs == nil)
            #expect(try await store.changes(since: start).revision > start)
        }
    }

    @Test func `a state says whether answers are the same`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let other = try await store.begin()
            let (whole, one) = (try await store.state(), try await store.state(of: run))
            #expect(try await store.state() == whole)
            #expect(try await store.state(of: run) == one)
            try await store.log(other, [MetricPoint(1, step: 1)])
            #expect(try await store.state() != whole)
            #expect(try await store.state(of: run) == one)
            try await store.heartbeat(run, at: Timestamp(milliseconds: 1_000_000))
            let stale = try await store.state(of: run)
            #expect(stale.isStale)
            #expect(stale.revision > one.revision)
            #expect(try await store.state().staleCount == whole.staleCount + 1)
            try await store.renameExperiment(1, to: "other")
            let renamed = try await store.state(of: run)
            #expect(renamed.revision == stale.revision)
            #expect(renamed != stale)
            await #expect(throws: TrackingError.self) { try await store.state(of: RunID.random()) }
        }
    }

    @Test func `bytes of a kept file come from where one likes`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let file = try await store.storeArtifact(run, path: "a", bytes: Array("0123456789".utf8))
            #expect(try await store.bytes(of: file, from: 3, count: 4) == Array("3456".utf8))
            #expect(try await store.bytes(of: file, from: 8, count: 4) == Array("89".utf8))
            #expect(try await store.bytes(of: file, from: 11, count: 4) == [])
            let gone = Artifact(path: "b", byteCount: 1, sha256: String(repeating: "0", count: 64))
            #expect(try await store.bytes(of: gone, from: 0, count: 1) == nil)
        }
    }
}
