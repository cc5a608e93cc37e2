import AviaryFuzzing
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

/// Searches keep and build no more than they may, and find the same.
struct SearchBoundsTests {
    private static let kilobyte = 1 << 10

    private static func ask(
        _ filter: String, _ store: SQLiteStore, order: [String] = []
    ) async throws -> [RunID] {
        let question = RunQuestion(
            experiments: nil, filter: try RunSearch.filter(filter, dialect: .native, now: 0),
            order: try RunSearch.order(order, dialect: .native), limit: 1000)
        return try await store.searchRuns(question).things.map(\.id)
    }

    @Test func `keys that nobody has do not fill the memory`() async throws {
        try await withStore { store in
            _ = try await store.begin()
            for round in 0..<50 {
                let keys = (0..<100).map { "tags.key\(round)-\($0) = 'x'" }.joined(separator: " OR ")
                #expect(try await Self.ask(keys, store).isEmpty)
                #expect(store.searchMemory.columnCount <= 4096)
            }
            #expect(store.searchMemory.columnCount > 2000)
        }
    }

    @Test func `long keys count as much as they take`() async throws {
        try await withStore { store in
            _ = try await store.begin()
            store.limitSearchMemory(to: 200 * Self.kilobyte)
            for number in 0..<40 {
                let key = "\(number)" + String(repeating: "k", count: 15_000)
                #expect(try await Self.ask("tags.\(key) = 'x'", store).isEmpty)
                #expect(store.searchMemory.byteCount <= 200 * Self.kilobyte)
            }
            #expect(store.searchMemory.byteCount > 100 * Self.kilobyte)
        }
    }

    @Test func `what was asked for lately stays`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, [MetricPoint("m", 1, step: 0)])
            store.limitSearchMemory(to: 20 * Self.kilobyte)
            for number in 0..<200 {
                let found = try await Self.ask("metrics.m = 1 AND NOT tags.key\(number) = 'x'", store)
                #expect(found == [run])
            }
            let count = store.searchMemory.columnCount
            #expect(store.searchMemory.byteCount <= 20 * Self.kilobyte)
            #expect(try await Self.ask("metrics.m = 1", store) == [run])
            #expect(store.searchMemory.columnCount == count)
        }
    }

    /// Runs whose tags `long` together have more than `bytes`, some of them equal, and some runs without.
    private static func fill(_ store: SQLiteStore, bytes: Int) async throws -> [LinkedRun] {
        var random = SeededRandom(7)
        var runs: [RunID] = []
        for number in 0..<max(40, bytes / 6000) {
            let run = try await store.begin(at: Int64(number) + 1)
            runs.append(run)
            guard !random.oneIn(5) else { continue }
            let text =
                random.one(of: ["b", "é", "", "Z", "a"]) + random.one(of: ["x", "y"])
                + String(repeating: "ü", count: random.one(of: [0, 5000, 7000]))
            try await store.log(run, points: [], params: [:], tags: ["long": text])
        }
        return try await all(runs, store)
    }

    private static func all(_ runs: [RunID], _ store: SQLiteStore) async throws -> [LinkedRun] {
        var all: [LinkedRun] = []
        for run in runs { all.append(try await store.linkedRun(run)) }
        return all
    }

    private static let filters = [
        "tags.long LIKE 'b%'", "NOT tags.long LIKE '%yü%'", "tags.long IS NULL", "tags.long IS NOT NULL",
        "tags.long IN ('bx', 'ax', 'y')", "tags.long != 'bx'", "tags.long =~ '^[ab]y'",
        "tags.long ILIKE 'z%'",
        "tags.long = 'éx' OR tags.long LIKE 'a%'", "start_time > 20 AND tags.long !~ 'x'",
    ]

    private static func compare(_ store: SQLiteStore, _ all: [LinkedRun]) async throws {
        for filter in filters {
            for order in [[], ["tags.long"], ["tags.long DESC", "start_time"]] {
                let question = RunQuestion(
                    experiments: nil, filter: try RunSearch.filter(filter, dialect: .native, now: 0),
                    order: try RunSearch.order(order, dialect: .native), limit: 1000)
                let found = try await store.searchRuns(question).things.map(\.id)
                #expect(found == PlainSearch.runs(all, question), "\(filter) by \(order)")
            }
        }
    }

    @Test func `texts that are too many for memory are searched and ordered all the same`() async throws {
        try await withStore { store in
            let limit = 60 * Self.kilobyte
            store.limitSearchMemory(to: limit)
            let all = try await Self.fill(store, bytes: 300_000)
            try await Self.compare(store, all)
            #expect(store.searchMemory.byteCount < limit)
            // What changes meanwhile is found, and other keys are kept beside it.
            try await store.log(all[0].run.id, points: [], params: ["p": "1"], tags: ["long": "bx"])
            let changed = try await Self.all(all.map(\.run.id), store)
            try await Self.compare(store, changed)
            #expect(try await Self.ask("params.p = '1'", store) == [all[0].run.id])
            #expect(store.searchMemory.byteCount < limit)
        }
    }

    @Test func `texts that became few are kept again`() async throws {
        try await withStore { store in
            store.limitSearchMemory(to: 60 * Self.kilobyte)
            var all = try await Self.fill(store, bytes: 300_000)
            try await Self.compare(store, all)
            for found in all {
                let text = found.run.tags["long"].map { String($0.prefix(2)) }
                if let text {
                    try await store.log(found.run.id, points: [], params: [:], tags: ["long": text])
                }
            }
            all = try await Self.all(all.map(\.run.id), store)
            let before = store.searchMemory.byteCount
            try await Self.compare(store, all)
            #expect(store.searchMemory.byteCount > before)
            // And grow beyond their share once more.
            for found in all {
                let text = "b" + String(repeating: "x", count: 5000) + found.run.id.description
                try await store.log(found.run.id, points: [], params: [:], tags: ["long": text])
            }
            try await Self.compare(store, try await Self.all(all.map(\.run.id), store))
            #expect(store.searchMemory.byteCount < 60 * Self.kilobyte)
        }
    }

    // MARK: - Reading ahead

    private static let hurried = SearchTime(limit: .seconds(60), workLimit: .zero)

    /// Needs a column for each key and one for its order.
    private static func question(of keys: Range<Int>) -> RunQuestion {
        RunQuestion(
            experiments: nil, filter: .all(keys.map { .not(.test(.tag("t\($0)", .text(.present)))) }),
            order: [SearchOrder(.metric("m"), isAscending: true)], limit: 9)
    }

    @Test func `what a search had no time to read is read after it, and the next one is answered`()
        async throws
    {
        try await withStore { store in
            let run = try await store.begin()
            let question = Self.question(of: 0..<150)
            await #expect(throws: TrackingError.searchTooLong(limit: .zero)) {
                try await store.searchRuns(question, time: Self.hurried)
            }
            try await Self.wait { store.searchMemory.columnCount == 151 }
            #expect(try await store.searchRuns(question).things.map(\.id) == [run])
            #expect(store.searchMemory.columnCount == 151)
        }
    }

    @Test func `many searches that are refused at once leave the store as it was`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            await withTaskGroup { group in
                for part in 0..<20 {
                    group.addTask {
                        let question = Self.question(of: part * 10..<part * 10 + 10)
                        await #expect(throws: TrackingError.searchTooLong(limit: .zero)) {
                            try await store.searchRuns(question, time: Self.hurried)
                        }
                    }
                }
            }
            // At least one of them was read ahead, and another may be then.
            try await Self.wait { store.searchMemory.columnCount >= 11 }
            try await Self.wait {
                await #expect(throws: TrackingError.searchTooLong(limit: .zero)) {
                    try await store.searchRuns(Self.question(of: 900..<910), time: Self.hurried)
                }
                return store.searchMemory.columnCount >= 21
            }
            #expect(try await store.searchRuns(Self.question(of: 0..<200)).things.map(\.id) == [run])
        }
    }

    @Test func `a store is closed while a search is read ahead of`() async throws {
        try await withFolder { folder in
            for _ in 0..<20 {
                let store = try await SQLiteStore.open(folder, .write(create: true))
                _ = try await store.begin()
                await #expect(throws: TrackingError.searchTooLong(limit: .zero)) {
                    try await store.searchRuns(Self.question(of: 0..<200), time: Self.hurried)
                }
                try await store.close()
                let closed = TrackingError.store(.unusable(path: folder, detail: "it was closed"))
                await #expect(throws: closed) { try await store.searchRuns(Self.question(of: 0..<200)) }
            }
        }
    }

    private static func wait(until isDone: () async throws -> Bool) async throws {
        for _ in 0..<6000 where try await !isDone() { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await isDone())
    }

    // MARK: - Parts

    @Test func `what was found comes in parts of some megabytes, and a data set's texts once`() async throws {
        try await withStore { store in
            let profile = String(repeating: "p", count: 3 << 20)
            var runs: [RunID] = []
            for number in 0..<12 {
                let run = try await store.begin(at: Int64(number) + 1)
                let dataset = Dataset(
                    name: "d\(number / 6)", digest: "1", sourceType: "local", source: "s", profile: profile)
                try await store.logInputs(run, datasets: [DatasetInput(dataset)], models: [])
                runs.insert(run, at: 0)
            }
            var parts = try await store.findRuns(RunQuestion(experiments: nil, limit: 11))
            #expect(parts.hasMore)
            var sizes: [Int] = []
            var found: [LinkedRun] = []
            while case let part = try await parts.next(), !part.isEmpty {
                sizes.append(part.count)
                found += part
            }
            #expect(found.map(\.run.id) == Array(runs.prefix(11)))
            #expect(found.allSatisfy { $0.links.datasets.first?.dataset.profile == profile })
            // The second data set is read with the seventh run, and is more than the first part may have with it.
            #expect(sizes == [7, 4])
        }
    }

    @Test func `a part of which nothing is left does not end what follows`() async throws {
        try await withStore { store in
            var runs: [RunID] = []
            try await withThrowingTaskGroup(of: RunID.self) { group in
                for number in 0..<600 {
                    group.addTask { try await store.begin(at: Int64(number) + 1) }
                }
                for try await run in group { runs.append(run) }
            }
            var parts = try await store.findRuns(RunQuestion(experiments: nil, limit: 600))
            var found = try await parts.next()
            #expect(found.count == 250)
            let known = Set(found.map(\.run.id))
            var times: [Int64: RunID] = [:]
            for run in runs where !known.contains(run) {
                times[try await store.run(run).startTime.milliseconds] = run
            }
            let gone = (101...350).compactMap { times[$0] }
            for run in gone { try await store.deleteRun(run) }
            _ = try await store.freeTrash(before: Timestamp(milliseconds: .max))
            found = try await parts.next()
            #expect(found.map(\.run.startTime.milliseconds) == Array((1...100).reversed()))
            #expect(try await parts.next().isEmpty)
        }
    }
}
