import AviaryTracking
import AviaryTrackingStore
import Foundation
import Testing

struct WritingTests {
    @Test func `a run comes back as it was logged`() async throws {
        try await withStore { store in
            let new = NewRun(
                experiment: "digits", name: "first", params: ["lr": "0.1"], tags: ["who": "me"],
                startTime: Timestamp(milliseconds: 5000))
            let made = try await store.createRun(new)
            #expect(made.status == .running)
            try await store.log(
                made.id, points: [MetricPoint(0.5, step: 2), MetricPoint(0.75, step: 1)],
                params: ["lr": "0.1", "depth": "8"], tags: ["who": "you"])
            try await store.end(made.id, .finished, at: Timestamp(milliseconds: 9000))
            let run = try await store.run(made.id)
            #expect(run.name == "first")
            #expect(run.experiment == "digits")
            #expect(run.params == ["lr": "0.1", "depth": "8"])
            #expect(run.tags == ["who": "you"])
            #expect(run.status == .finished)
            #expect(run.startTime.milliseconds == 5000)
            #expect(run.endTime?.milliseconds == 9000)
            let summary = MetricSummary(last: 0.5, step: 2, time: 2, minimum: 0.5, maximum: 0.75)
            #expect(run.metrics == ["loss": summary])
        }
    }

    @Test func `an unnamed run gets a name`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let name = try await store.run(run).name
            #expect(name.wholeMatch(of: /[a-z]+-[a-z]+-[1-9][0-9]{0,2}/) != nil, "\(name)")
        }
    }

    @Test func `NaN and the infinities are kept and ordered, minus zero is zero`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let small = Double.leastNonzeroMagnitude
            let great = Double.greatestFiniteMagnitude
            let sorted: [Double] = [
                .nan, -.infinity, -great, -1.5, -small, 0, small, 1.5, great, .infinity,
            ]
            let mixed = (sorted + [-Double.zero, -Double.nan]).shuffled()
            try await store.log(run, mixed.map { MetricPoint($0, step: 3, time: 3) })
            let values = try await store.history(run, key: "loss").map(\.value)
            #expect(values.count == sorted.count)
            #expect(values.first?.isNaN == true)
            #expect(Array(values.dropFirst()) == Array(sorted.dropFirst()))
            #expect(values.first(where: { $0 == 0 })?.sign == .plus)
            let summary = try await store.run(run).metrics["loss"]
            #expect(
                summary
                    == MetricSummary(
                        last: .infinity, step: 3, time: 3, minimum: -great, maximum: great))
        }
    }

    @Test func `a series of nothing finite has no range`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, [MetricPoint(.nan, step: 1), MetricPoint(.infinity, step: 0)])
            let summary = try await store.run(run).metrics["loss"]
            #expect(summary?.last.isNaN == true)
            #expect(summary?.minimum == nil)
            #expect(summary?.maximum == nil)
        }
    }

    @Test func `the last value is the greatest by step, then time, then value`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, [MetricPoint(1, step: 9, time: 50), MetricPoint(7, step: 9, time: 60)])
            try await store.log(run, [MetricPoint(8, step: 9, time: 60), MetricPoint(99, step: 8, time: 70)])
            #expect(try await store.run(run).metrics["loss"]?.last == 8)
            #expect(try await store.lastSteps(run) == ["loss": 9])
        }
    }

    @Test func `the same points sent again are ignored`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let points = (0..<500).map { MetricPoint(Double($0), step: 0, time: Int64($0)) }
            for _ in 0..<3 { try await store.log(run, points + points.prefix(10)) }
            #expect(try await store.history(run, key: "loss") == points)
        }
    }

    @Test func `a batch is all or nothing`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, points: [], params: ["lr": "1"], tags: [:])
            let changes = [ParamChange(key: "lr", old: "1", new: "2")]
            let changed = TrackingError.paramsChanged(run: run.description, changes)
            await #expect(throws: changed) {
                try await store.log(
                    run, points: [MetricPoint(1, step: 1)], params: ["lr": "2", "new": "x"], tags: ["t": "x"])
            }
            let after = try await store.run(run)
            #expect(after.params == ["lr": "1"])
            #expect(after.tags.isEmpty)
            #expect(after.metrics.isEmpty)
        }
    }

    @Test func `what does not fit is refused at the door`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let long = String(repeating: "k", count: 251)
            for key in ["", long, "a\nb"] {
                await #expect(throws: TrackingError.self) {
                    try await store.log(run, [MetricPoint(key, 1, step: 1)])
                }
            }
            let many = (0...Int64(Limits.pointsPerBatch)).map { MetricPoint(1, step: $0) }
            await #expect(throws: TrackingError.self) { try await store.log(run, many) }
            let wide = String(repeating: "v", count: Limits.paramValueLength + 1)
            await #expect(throws: TrackingError.self) {
                try await store.log(run, points: [], params: ["a": wide], tags: [:])
            }
            await #expect(throws: TrackingError.self) { try await store.begin("") }
            await #expect(throws: TrackingError.self) {
                try await store.end(run, .running, at: Timestamp(milliseconds: 1))
            }
            let unknown = RunID.random()
            await #expect(throws: TrackingError.runNotFound(unknown.description)) {
                try await store.log(unknown, [MetricPoint(1, step: 1)])
            }
        }
    }

    @Test func `a run that has ended takes tags only`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.end(run, .killed, at: Timestamp(milliseconds: 1))
            await #expect(throws: TrackingError.runEnded(run.description, .killed)) {
                try await store.log(run, [MetricPoint(1, step: 1)])
            }
            await #expect(throws: TrackingError.runEnded(run.description, .killed)) {
                try await store.heartbeat(run, at: .now)
            }
            try await store.log(run, points: [], params: [:], tags: ["note": "late"])
            #expect(try await store.run(run).tags == ["note": "late"])
        }
    }

    @Test func `a run whose heartbeats stopped is stale`() async throws {
        try await withStore { store in
            let silent = try await store.begin()
            let stopped = try await store.begin()
            let alive = try await store.begin()
            let ended = try await store.begin()
            let past = Timestamp(milliseconds: Timestamp.now.milliseconds - 60_000)
            try await store.heartbeat(stopped, at: past)
            try await store.heartbeat(alive, at: .now)
            try await store.heartbeat(ended, at: past)
            try await store.end(ended, .failed, at: past)
            #expect(try await !store.run(silent).isStale)
            #expect(try await store.run(stopped).isStale)
            #expect(try await store.run(stopped).status == .running)
            #expect(try await !store.run(alive).isStale)
            #expect(try await !store.run(ended).isStale)
        }
    }

    @Test func `resuming removes what came after the checkpoint`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let other = try await store.begin()
            for key in ["kept", "cut", "new"] {
                let points = (Int64(1)...10).map { MetricPoint(key, Double(20 - $0), step: $0) }
                try await store.log(run, points)
                try await store.log(other, points)
            }
            try await store.end(run, .killed, at: Timestamp(milliseconds: 1))
            try await store.resume(run, lastSteps: ["kept": 10, "cut": 4], at: .now)
            let after = try await store.run(run)
            #expect(after.status == .running)
            #expect(after.endTime == nil)
            #expect(!after.isStale)
            #expect(
                after.metrics["kept"] == MetricSummary(last: 10, step: 10, time: 10, minimum: 10, maximum: 19)
            )
            #expect(
                after.metrics["cut"] == MetricSummary(last: 16, step: 4, time: 4, minimum: 16, maximum: 19))
            #expect(after.metrics["new"] == nil)
            #expect(try await store.history(run, key: "cut").map(\.step) == [1, 2, 3, 4])
            #expect(try await store.history(run, key: "new").isEmpty)
            #expect(try await store.lastSteps(other) == ["kept": 10, "cut": 10, "new": 10])
            try await store.log(run, [MetricPoint("new", 1, step: 5)])
            #expect(try await store.lastSteps(run) == ["kept": 10, "cut": 4, "new": 5])
        }
    }

    @Test func `many writers share transactions and lose nothing`() async throws {
        try await withStore { store in
            let writerCount = 40
            let batchCount: Int64 = 10
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<writerCount {
                    group.addTask {
                        let run = try await store.begin()
                        for step in 0..<batchCount { try await store.log(run, [MetricPoint(1, step: step)]) }
                        #expect(try await store.history(run, key: "loss").count == Int(batchCount))
                    }
                }
                try await group.waitForAll()
            }
            let changes = try await store.changes(since: 0)
            #expect(changes.runs?.count == writerCount)
            #expect(changes.revision < Int64(writerCount) * (batchCount + 1))
        }
    }

    @Test func `a job that fails does not take its neighbours along`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let results = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let target = index.isMultiple(of: 3) ? RunID.random() : run
                        let point = MetricPoint("m\(index)", 1, step: 1)
                        return (try? await store.log(target, [point])) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(results == 40)
            #expect(try await store.run(run).metrics.count == 40)
        }
    }

    @Test func `artifacts are kept once, replaced by path, and found again`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let first = try await store.storeArtifact(run, path: "logs/a.txt", bytes: Array("one".utf8))
            let twin = try await store.storeArtifact(run, path: "logs/b.txt", bytes: Array("one".utf8))
            #expect(first.sha256 == twin.sha256)
            _ = try await store.storeArtifact(run, path: "logs/a.txt", bytes: Array("two!".utf8))
            let all = try await store.artifacts(of: run)
            #expect(all.map(\.path) == ["logs/a.txt", "logs/b.txt"])
            #expect(all.map(\.byteCount) == [4, 3])
            let (_, file) = try await store.artifactFile(run, path: "logs/a.txt")
            #expect(try Data(contentsOf: URL(filePath: file)) == Data("two!".utf8))
            await #expect(throws: TrackingError.artifactNotFound(run: run.description, path: "c")) {
                _ = try await store.artifactFile(run, path: "c")
            }
            await #expect(throws: TrackingError.self) {
                _ = try await store.storeArtifact(run, path: "../a", bytes: [])
            }
        }
    }
}
