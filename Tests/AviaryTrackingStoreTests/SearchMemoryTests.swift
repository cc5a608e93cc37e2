import AviaryFuzzing
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import GRDB
import Testing

/// Searches keep what they read of runs; what is written in between must be found all the same.
struct SearchMemoryTests {
    @Test(arguments: 1...4)
    func `what was written since the last search is found`(seed: UInt64) async throws {
        try await withStore { store in
            var random = SeededRandom(seed)
            var runs: [RunID] = []
            for _ in 0..<30 { runs.append(try await store.begin(in: "a")) }
            for _ in 0..<60 {
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    try await Self.change(store, &runs, &random)
                }
                try await Self.compare(store, runs, &random)
            }
        }
    }

    @Test func `so are runs of other writers, and runs that are gone for good are not`() async throws {
        try await withStore { store in
            var random = SeededRandom(5)
            var runs: [RunID] = []
            for index in 0..<20 {
                runs.append(try await store.begin(in: "a"))
                try await store.log(runs[index], [MetricPoint("loss", Double(index), step: 0)])
            }
            try await Self.compare(store, runs, &random)
            let other = try DatabaseQueue(path: store.folder + "/aviary.db")
            for gone in [[3], [18], [0, 1, 2]] {
                let names = gone.map { runs[$0].description }
                try await other.write { db in
                    for name in names { try Self.remove(name, db) }
                    try db.execute(sql: "UPDATE revision SET value = value + 1")
                }
                runs.removeAll { names.contains($0.description) }
                // A row of the greatest number is numbered anew.
                if gone == [18] { runs.append(try await store.begin(in: "a")) }
                try await Self.compare(store, runs, &random)
            }
            try other.close()
        }
    }

    @Test func `keys of the same letters in other code points are two`() async throws {
        try await withStore { store in
            let (ohm, omega) = ("\u{2126}", "\u{3A9}")
            #expect(ohm == omega)  // to Swift
            var runs: [RunID] = []
            for (index, key) in [ohm, omega].enumerated() {
                runs.append(try await store.begin("\(index)"))
                try await store.log(
                    runs[index], points: [MetricPoint(key, 1, step: 0)], params: [ExactKey(key): "1"],
                    tags: [ExactKey(key): "1"])
            }
            for entity in ["metrics", "params", "tags"] {
                for (run, key) in zip(runs, [ohm, omega]) {
                    let filter = try RunSearch.filter("\(entity).`\(key)` = 1", dialect: .native, now: 0)
                    let found = try await store.searchRuns(
                        RunQuestion(experiments: nil, filter: filter, limit: 9))
                    #expect(found.things.map(\.id) == [run], "\(entity)")
                }
            }
        }
    }

    @Test func `many changes at once are found, and texts that changed often`() async throws {
        try await withStore { store in
            var random = SeededRandom(6)
            var runs: [RunID] = []
            for _ in 0..<3 { runs.append(try await store.begin(in: "a")) }
            try await Self.compare(store, runs, &random)
            for _ in 0..<150 { runs.append(try await store.begin(in: "a")) }
            try await Self.compare(store, runs, &random)
            for number in 0..<1400 {
                try await store.log(runs[number % 3], points: [], params: [:], tags: ["note": "\(number)"])
                if number % 100 == 0 { try await Self.compare(store, runs, &random) }
            }
            try await Self.compare(store, runs, &random)
        }
    }

    @Test func `searches at once, with writes between them, each see one state of the store`() async throws {
        try await withStore { store in
            var runs: [RunID] = []
            for _ in 0..<40 { runs.append(try await store.begin(in: "a")) }
            let experiment = try await store.run(runs[0]).experimentID
            let first = runs[0]
            // Every write keeps `a` and `b` of a run equal.
            let differing = try RunSearch.filter("tags.a != '0' AND tags.b = '0'", dialect: .native, now: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<200 {
                        let text = "\(number % 2)"
                        try await store.log(first, points: [], params: [:], tags: ["a": text, "b": text])
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<100 {
                            let question = RunQuestion(experiments: [experiment], filter: differing, limit: 9)
                            let found = try await store.searchRuns(question).things
                            #expect(found.isEmpty)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `letters that look alike are not equal, as in the database`() async throws {
        try await withStore { store in
            let composed = "\u{E9}"
            let decomposed = "e\u{301}"
            let run = try await store.begin(in: "a")
            try await store.log(run, points: [], params: ["p": composed], tags: [:])
            let experiment = try await store.run(run).experimentID
            for (text, isFound) in [(composed, true), (decomposed, false)] {
                let tests: [TextTest] = [
                    .equal(text), .like(text, ignoringCase: false), .like(text, ignoringCase: true),
                    .among([text]),
                ]
                for test in tests {
                    let question = RunQuestion(
                        experiments: [experiment], filter: .test(.param("p", .text(test))), limit: 9)
                    let found = try await store.searchRuns(question).things
                    #expect(found.isEmpty != isFound, "\(test)")
                }
            }
        }
    }

    // MARK: - Changes

    private static let words = ["", "a", "b", "sgd", "1", "2.5", "-3e2"]

    private static func change(
        _ store: SQLiteStore, _ runs: inout [RunID], _ random: inout SeededRandom
    ) async throws {
        let run = random.one(of: runs)
        let before = try await store.run(run)
        let tags: [ExactKey: String] = ["note": random.one(of: words)]
        switch Int.random(in: 0..<9, using: &random) {
        case 0: runs.append(try await store.begin(in: "a", at: Int64.random(in: 1...9, using: &random)))
        case _ where before.isDeleted: try await store.restoreRun(run)
        case 1: try await store.deleteRun(run)
        case 2 where !before.status.isTerminal:
            try await store.log(run, points: [], params: [:], tags: tags)
        case 3 where !before.status.isTerminal:
            try await store.log(run, points: [], params: ["p\(runs.count)": "1", "q": "1"], tags: [:])
        case 4 where !before.status.isTerminal:
            try await store.log(
                run, [MetricPoint("loss", random.one(of: [.nan, 1, 2]), step: Int64(runs.count))])
        case 5:
            _ = try await store.updateRun(
                run, RunChange(status: .failed, endTime: Timestamp(milliseconds: 77)))
        case 6: _ = try await store.updateRun(run, RunChange(name: random.one(of: ["x", "y"])))
        case 7 where before.tags["note"] != nil: try await store.deleteTag("note", of: run)
        default:
            let dataset = Dataset(
                name: random.one(of: ["train", "test"]), digest: "1", sourceType: "local", source: "s")
            try await store.logInputs(run, datasets: [DatasetInput(dataset)], models: [])
        }
    }

    private static func remove(_ run: String, _ db: Database) throws {
        for table in ["param", "tag"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE run = (SELECT id FROM run WHERE uuid = ?)", arguments: [run])
        }
        let series = "(SELECT id FROM series WHERE run = (SELECT id FROM run WHERE uuid = ?))"
        try db.execute(sql: "DELETE FROM point WHERE series IN \(series)", arguments: [run])
        try db.execute(sql: "DELETE FROM latest WHERE series IN \(series)", arguments: [run])
        try db.execute(
            sql: "DELETE FROM series WHERE run = (SELECT id FROM run WHERE uuid = ?)", arguments: [run])
        try db.execute(sql: "DELETE FROM run WHERE uuid = ?", arguments: [run])
    }

    // MARK: - Questions

    private static let filters = [
        "", "tags.note = 'a'", "tags.note IS NULL", "tags.note > 1", "params.q = 1", "params.none = '1'",
        "metrics.loss >= 1", "metrics.loss != 1", "metrics.loss IS NULL", "status = 'FAILED'",
        "run_name IN ('x', 'y')",
        "end_time IS NULL", "duration > 1s OR start_time < 5", "dataset.name = 'train'", "user_id = ''",
        "tags.`mlflow.runName` = 'x'",
    ]
    private static let orders = [
        [], ["metrics.loss DESC"], ["tags.note"], ["end_time, run_name DESC"], ["duration DESC"],
    ]

    private static func compare(
        _ store: SQLiteStore, _ runs: [RunID], _ random: inout SeededRandom
    ) async throws {
        var all: [LinkedRun] = []
        for run in runs { all.append(try await store.linkedRun(run)) }
        let experiment = all[0].run.experimentID
        for _ in 0..<4 {
            let filter = random.one(of: filters)
            let question = RunQuestion(
                experiments: [experiment], lifecycle: random.one(of: [.active, .deleted, .any]),
                filter: try RunSearch.filter(filter, dialect: .native, now: 0),
                order: try RunSearch.order(random.one(of: orders), dialect: .native), limit: 5000)
            let found = try await store.searchRuns(question).things.map(\.id)
            #expect(found == PlainSearch.runs(all, question), "\(filter)")
        }
    }
}
