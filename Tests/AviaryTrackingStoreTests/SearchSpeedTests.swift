import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Foundation
import Testing

/// What searches cost; on a store of 2,000 runs, or of as many as `AVIARY_SEARCH_RUNS` says.
///
/// With that variable every question's time is printed, and the store is kept where `AVIARY_SEARCH_STORE` says.
@Suite(.serialized)
struct SearchSpeedTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// A tenth of a second; beside other tests a measure has to wait itself.
    private static let longest: Duration =
        environment["AVIARY_SEARCH_RUNS"] == nil ? .seconds(1) : .milliseconds(100)
    private static let tryCount = environment["AVIARY_SEARCH_TRIES"].flatMap { Int($0) } ?? 5
    private static let runCount = environment["AVIARY_SEARCH_RUNS"].flatMap { Int($0) } ?? 2000

    @Test func `a filter of any size is answered or refused within a tenth of a second`() async throws {
        try await Self.withLargeStore { store in
            for (name, filter) in Self.largeFilters {
                let tree = try RunSearch.filter(filter, dialect: .native, now: 0)
                #expect(tree.isLarge || tree.tests.count <= 2, "\(name)")
                var question = RunQuestion(experiments: [0], filter: tree, limit: 100)
                question.order = [SearchOrder(.metric("m3"))]
                let best = try await Self.measure(name, store, question)
                #expect(best < Self.longest, "\(name)")
            }
        }
    }

    @Test func `an ordinary search costs the same whichever runs it keeps`() async throws {
        try await Self.withLargeStore { store in
            for (name, filter, order) in Self.ordinary {
                var question = RunQuestion(
                    experiments: [0], filter: try RunSearch.filter(filter, dialect: .native, now: 0),
                    order: try RunSearch.order(order, dialect: .native), limit: 100)
                let best = try await Self.measure(name, store, question)
                question.offset = Self.runCount / 10
                let later = try await Self.measure("\(name), a later page", store, question)
                #expect(max(best, later) < Self.longest, "\(name)")
            }
        }
    }

    @Test func `what is not in memory yet does not take longer`() async throws {
        try await Self.withLargeFolder { place in
            for (name, filter) in Self.readingMuch + Self.largeFilters {
                let tree = try RunSearch.filter(filter, dialect: .native, now: 0)
                let question = RunQuestion(experiments: [0], filter: tree, limit: 100)
                // A store that was just opened has nothing in memory.
                try await Self.opened(place) { store in
                    let first = try await Self.measure("\(name), at first", tryCount: 1) {
                        () async throws(TrackingError) in try await store.searchRuns(question).things.count
                    }
                    #expect(first < Self.longest, "\(name)")
                }
            }
        }
    }

    @Test func `what had no time to be read is read for who asks again`() async throws {
        try await Self.withLargeFolder { place in
            for (name, filter) in Self.readingMuch {
                let tree = try RunSearch.filter(filter, dialect: .native, now: 0)
                #expect(tree.isLarge, "\(name)")
                let question = RunQuestion(experiments: [0], filter: tree, limit: 100)
                try await Self.opened(place) { store in
                    let hurried = SearchTime(limit: .seconds(60), workLimit: .zero)
                    await #expect(throws: TrackingError.searchTooLong(limit: .zero), "\(name)") {
                        try await store.searchRuns(question, time: hurried)
                    }
                    var outcome = "refused"
                    for _ in 0..<600 where outcome == "refused" {
                        try await Task.sleep(for: .milliseconds(50))
                        outcome = try await Self.outcome { () async throws(TrackingError) in
                            try await store.searchRuns(question).things.count
                        }
                    }
                    #expect(outcome == "100 found", "\(name)")
                }
            }
        }
    }

    @Test func `a page of a thousand runs is told while it is read`() async throws {
        try await Self.withLargeStore { store in
            for (name, filter, order) in Self.ordinary {
                let question = RunQuestion(
                    experiments: [0], filter: try RunSearch.filter(filter, dialect: .native, now: 0),
                    order: try RunSearch.order(order, dialect: .native), limit: 1000)
                let first = try await Self.measure("\(name), the first of 1,000") {
                    () async throws(TrackingError) in
                    var found = try await store.findRuns(question)
                    return try await found.next().count
                }
                #expect(first < Self.longest, "\(name)")
                _ = try await Self.measure("\(name), 1,000") { () async throws(TrackingError) in
                    try await store.findRuns(question).whole().things.count
                }
            }
        }
    }

    @Test func `a search between two writes costs little more`() async throws {
        try await Self.withLargeStore(.write(create: false)) { store in
            let filter = try RunSearch.filter(
                "params.p1 > 0.5 AND metrics.m1 < 0.9 AND tags.t0 != 'x'", dialect: .native, now: 0)
            let question = RunQuestion(
                experiments: [0], filter: filter, order: [SearchOrder(.metric("m3"))], limit: 100)
            let run = try await store.searchRuns(question).things[0].id
            let time = try await Self.measure("between two writes") { () async throws(TrackingError) in
                try await store.log(
                    run, points: [], params: [:], tags: ["note": "\(UInt64.random(in: 0...99))"])
                return try await store.searchRuns(question).things.count
            }
            #expect(time < Self.longest)
        }
    }

    @Test func `large filters of other things than runs are answered or refused as quickly`() async throws {
        try await Self.withLargeStore { store in
            for (name, filter) in Self.largeFiltersOfTags {
                let experiments = ExperimentQuestion(filter: try ExperimentSearch.filter(filter), limit: 100)
                let models = RegisteredModelQuestion(
                    filter: try RegisteredModelSearch.filter(filter), limit: 100)
                let versions = ModelVersionQuestion(filter: try ModelVersionSearch.filter(filter), limit: 100)
                let logged = LoggedModelQuestion(
                    experiments: [0], filter: try LoggedModelSearch.filter(filter), limit: 100)
                let times = [
                    try await Self.measure("experiments, \(name)") {
                        () async throws(TrackingError) in
                        try await store.searchExperiments(experiments).things.count
                    },
                    try await Self.measure("registered models, \(name)") {
                        () async throws(TrackingError) in
                        try await store.searchRegisteredModels(models).things.count
                    },
                    try await Self.measure("model versions, \(name)") {
                        () async throws(TrackingError) in
                        try await store.searchModelVersions(versions).things.count
                    },
                    try await Self.measure("logged models, \(name)") {
                        () async throws(TrackingError) in
                        try await store.searchLoggedModels(logged).things.count
                    },
                ]
                #expect(times.allSatisfy { $0 < Self.longest }, "\(name): \(times)")
            }
            let metrics = LoggedModelQuestion(
                experiments: [0],
                filter: try LoggedModelSearch.filter(Self.terms(" OR ") { "metrics.m\($0 % 5) > 1.\($0)" }),
                limit: 100)
            let time = try await Self.measure("logged models, 200 metrics") {
                () async throws(TrackingError) in try await store.searchLoggedModels(metrics).things.count
            }
            #expect(time < Self.longest)
        }
    }

    // MARK: - What is asked

    private static let ordinary: [(name: String, filter: String, order: [String])] = [
        ("everything", "", []),
        ("10 of 100,000", "params.p1 < 0.0001", []),
        ("1,000 of 100,000", "params.p1 < 0.01", []),
        ("half", "params.p1 > 0.5", []),
        ("half, by a metric", "params.p1 > 0.5", ["metrics.m3 DESC"]),
        ("half, by a metric that half of them lack", "params.p1 > 0.5", ["metrics.m19"]),
        ("a param as text", "params.p4 = 'word3'", ["metrics.m3"]),
        ("a param's beginning", "params.p2 LIKE '0.12%'", []),
        ("a param's pattern", "params.p2 =~ '^0\\.1[2-4].*7$'", []),
        (
            "params, metrics, tags",
            "params.p4 IN ('word1', 'word2') AND metrics.m1 > 0.5 AND tags.t0 != 'value 7'", []
        ),
        ("what is missing", "metrics.m19 IS NULL AND NOT params.none = '1'", ["params.p1"]),
        (
            "attributes", "status = 'FAILED' AND start_time > 1700000005000 AND run_name ILIKE 'RUN-%1'",
            ["duration"]
        ),
    ]

    private static func terms(_ joint: String, _ term: (Int) -> String) -> String {
        (0..<200).map(term).joined(separator: joint)
    }

    private static func known(_ index: Int) -> String {
        index.isMultiple(of: 2)
            ? "params.p\(index % 20) > 0.\(index)" : "metrics.m\(index % 20) < 0.\(index)"
    }

    private static let readingMuch: [(name: String, filter: String)] = [
        ("forty columns", terms(" OR ", known)),
        ("twenty columns of texts", terms(" OR ") { "params.p\($0 % 20) != '\($0)'" }),
    ]

    private static let largeFilters: [(name: String, filter: String)] = [
        ("200 terms with AND", terms(" AND ") { "metrics.m\($0 % 19) >= 0.000\($0)" }),
        ("200 terms with OR", terms(" OR ") { "metrics.m\($0 % 20) < 0.000\($0)" }),
        ("200 terms of params and metrics with OR", terms(" OR ", known)),
        ("200 numbers of params with OR", terms(" OR ") { "params.p\(1 + $0 % 3) < 0.0000\($0)" }),
        ("200 unknown keys with OR", terms(" OR ") { "params.q\($0) = 'x'" }),
        ("200 unknown keys with NOT", terms(" AND ") { "NOT metrics.q\($0) > 0" }),
        ("200 patterns", terms(" OR ") { "params.p\($0 % 20) =~ '(a|b)*\($0)x$'" }),
        ("200 LIKE", terms(" OR ") { "params.p\($0 % 20) LIKE '%\($0)%x'" }),
        (
            "20 patterns under 60 times NOT",
            String(repeating: "NOT ", count: 60) + "("
                + (0..<20).map { "params.p\($0) =~ '(a|b)*x$'" }.joined(separator: " OR ") + ")"
        ),
        (
            "500 identifiers",
            "attributes.run_id IN ("
                + (0..<480).map { "'\(0xabcd_ef01_2345 + $0)0123456789abcdef'" }
                .joined(separator: ",") + ")"
        ),
        ("200 data sets", terms(" OR ") { "datasets.name = 'd\($0)'" }),
        ("a list of 16 KiB", "params.p1 IN (" + (0..<1600).map { "'0.\($0)'" }.joined(separator: ",") + ")"),
        ("a pattern of 2000 states", "params.p1 =~ '^(\(String(repeating: "[0-9]?", count: 900)))x$'"),
        ("LIKE of 16 KiB", "run_name LIKE '%\(String(repeating: "%n", count: 8000))'"),
        (
            "deeply nested",
            String(repeating: "NOT (", count: 31) + "params.p1 > 0.5 OR metrics.m1 > 0.3"
                + String(repeating: ")", count: 31)
        ),
    ]

    private static let largeFiltersOfTags: [(name: String, filter: String)] = [
        ("200 tags with OR", terms(" OR ") { "tags.t\($0 % 5) = 'x\($0)'" }),
        ("200 tags with AND", terms(" AND ") { "tags.t\($0 % 5) != 'x\($0)'" }),
        ("200 unknown tags", terms(" OR ") { "tags.q\($0) = 'x\($0)'" }),
        ("200 LIKE", terms(" OR ") { "tags.t\($0 % 5) ILIKE '%\($0)%x'" }),
        ("a long LIKE", "name LIKE '\(String(repeating: "%x", count: 8000))'"),
        (
            "deeply nested",
            String(repeating: "NOT (", count: 31) + "tags.t1 = 'x' OR name = 'y'"
                + String(repeating: ")", count: 31)
        ),
    ]

    // MARK: - Measuring

    private static func withLargeStore(
        _ access: StoreAccess = .read, _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        try await withLargeFolder { try await opened($0, access, body) }
    }

    private static func withLargeFolder(_ body: (String) async throws -> Void) async throws {
        try await withFolder { folder in
            let place = environment["AVIARY_SEARCH_STORE"] ?? folder
            if !FileManager.default.fileExists(atPath: place + "/aviary.db") {
                try await LargeStore.make(in: place, runCount: runCount)
            }
            try await body(place)
        }
    }

    private static func opened(
        _ place: String, _ access: StoreAccess = .read, _ body: (SQLiteStore) async throws -> Void
    ) async throws {
        let store = try await SQLiteStore.open(place, access)
        do {
            try await body(store)
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }

    private static func measure(
        _ name: String, _ store: SQLiteStore, _ question: RunQuestion
    ) async throws -> Duration {
        try await measure(name) { () async throws(TrackingError) in
            try await store.searchRuns(question).things.count
        }
    }

    /// The best time of a few; what is refused took its time as well.
    private static func measure(
        _ name: String, tryCount: Int = tryCount, _ search: () async throws(TrackingError) -> Int
    ) async throws -> Duration {
        let clock = ContinuousClock()
        var times: [Duration] = []
        var outcome = ""
        for _ in 0..<tryCount {
            let start = clock.now
            outcome = try await self.outcome(search)
            times.append(clock.now - start)
        }
        if environment["AVIARY_SEARCH_RUNS"] != nil {
            let shown = times.map { "\(($0 / .microseconds(100)).rounded() / 10)" }.joined(separator: " ")
            print("\(name): \(shown) ms, \(outcome)")
        }
        return times.min() ?? .zero
    }

    private static func outcome(
        _ search: () async throws(TrackingError) -> Int
    ) async throws(TrackingError) -> String {
        do throws(TrackingError) {
            return "\(try await search()) found"
        } catch {
            guard case .searchTooLong = error else { throw error }
            return "refused"
        }
    }
}
