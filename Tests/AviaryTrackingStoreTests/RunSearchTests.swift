import AviaryFuzzing
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct RunSearchTests {
    private static let texts = [
        "", "a", "A", "adam", "Adam", "ADAM", "sgd", "é", "É", "0.1", "10", "9", "-3e2", "inf", "nan", "a%b",
        "x_y", "x y\nz", "0x10",
    ]
    private static let numbers: [Double] = [
        -.infinity, -2, -0.5, -0.0, 0, 0.25, 0.5, 1, 3, .infinity, .greatestFiniteMagnitude,
    ]

    @Test func `every test finds what a plain search finds`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            var random = SeededRandom(1)
            var foundCount = 0
            for kind in 0..<11 {
                for _ in 0..<60 {
                    let test = try Self.test(kind, &random, all)
                    let question = RunQuestion(
                        experiments: [0, 1, 2], lifecycle: .any, filter: .test(test), limit: 1000)
                    let found = try await store.searchRuns(question).things.map(\.id)
                    #expect(found == PlainSearch.runs(all, question), "\(test)")
                    foundCount += found.count
                }
            }
            #expect(foundCount > 1000)
        }
    }

    @Test func `tests that are put together and orders do too`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            var random = SeededRandom(2)
            for _ in 0..<250 {
                let question = RunQuestion(
                    experiments: random.one(of: [[0, 1, 2], [1], [2, 9], [9], []]),
                    lifecycle: random.one(of: [.active, .deleted, .any]),
                    filter: try Self.tree(3, &random, all), order: Self.order(&random), limit: 1000)
                let found = try await store.searchRuns(question).things
                #expect(found.map(\.id) == PlainSearch.runs(all, question), "\(question)")
            }
        }
    }

    @Test func `what is found is whole`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let question = RunQuestion(
                experiments: [0, 1, 2], lifecycle: .any, order: [SearchOrder(.text(.id))], limit: 999)
            let found = try await store.findRuns(question).whole()
            #expect(!found.hasMore)
            // NaN is equal to nothing, so that texts are compared.
            #expect(found.things.map { "\($0.run.params) \($0.links)" }.count == all.count)
            for (mine, other) in zip(found.things, all.sorted { $0.run.id < $1.run.id }) {
                #expect(mine.links == other.links)
                #expect(mine.run.params == other.run.params)
                #expect(mine.run.tags == other.run.tags)
                #expect(mine.run.metrics.keys == other.run.metrics.keys)
                #expect(mine.run.isDeleted == other.run.isDeleted)
            }
        }
    }

    @Test(arguments: [1, 7, 60])
    func `pages follow each other`(size: Int) async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            var question = RunQuestion(
                experiments: [0, 1, 2], order: [SearchOrder(.metric("loss"), isAscending: false)], limit: size
            )
            var ids: [RunID] = []
            var found: Found<Run>
            repeat {
                found = try await store.searchRuns(question)
                #expect(found.things.count == size || !found.hasMore)
                ids += found.things.map(\.id)
                question.offset += size
            } while found.hasMore
            #expect(ids == PlainSearch.runs(all, question))
            #expect(try await store.searchRuns(question).things.isEmpty)
        }
    }

    @Test func `a search that takes too long is ended, and the next one is not`() async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let question = RunQuestion(
                experiments: [0, 1, 2],
                filter: .any(
                    (0..<100).map { .test(.param("p\($0)", .text(.like("%a%b", ignoringCase: true)))) }),
                limit: 9)
            let limit = Duration.nanoseconds(1)
            await #expect(throws: TrackingError.searchTooLong(limit: limit)) {
                try await store.searchRuns(question, time: SearchTime(limit: limit))
            }
            #expect(try await store.searchRuns(question).things.isEmpty)
            #expect(SQLiteStore.searchTime(for: question.filter).workLimit == .milliseconds(75))
            #expect(SQLiteStore.searchTime(for: SearchTree<RunTest>.everything).workLimit == .seconds(2))
            #expect(
                TrackingError.searchTooLong(limit: .seconds(2)).description
                    == "the search took longer than 2.0 seconds; "
                    + "ask with fewer conditions or, of runs, once more in a moment")
        }
    }

    @Test(arguments: [0, 1, 12, 13, 64])
    func `a filter of two hundred tests is answered, however deep`(depth: Int) async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let tests = (0..<200).map {
                SearchTree<RunTest>.test(.param("lr", .number(.notEqual, Double($0))))
            }
            var filter = SearchTree.all(Array(tests.dropFirst(2 * depth)))
            for level in 0..<depth {
                filter = .any([tests[2 * level], .not(.all([tests[2 * level + 1], filter]))])
            }
            let question = RunQuestion(experiments: [0, 1, 2], filter: filter, limit: 999)
            #expect(
                try await store.searchRuns(question).things.map(\.id) == PlainSearch.runs(all, question))
        }
    }

    @Test(arguments: [(0, 0), (50_001, 0), (1, -1)])
    func `what asks for no page is refused`(limit: Int, offset: Int) async throws {
        try await withStore { store in
            await #expect(throws: TrackingError.self) {
                try await store.searchRuns(RunQuestion(experiments: [0], limit: limit, offset: offset))
            }
            await #expect(throws: TrackingError.self) {
                try await store.searchExperiments(ExperimentQuestion(limit: limit, offset: offset))
            }
        }
    }

    // MARK: - What is searched

    /// Eighty runs in three experiments, of which some lack what others have.
    private static func fill(_ store: SQLiteStore) async throws -> [LinkedRun] {
        var random = SeededRandom(42)
        _ = try await store.createExperiment(NewExperiment(name: "a"))
        _ = try await store.createExperiment(
            NewExperiment(name: "b", artifactLocation: "mlflow-artifacts:/b/"))
        var runs: [RunID] = []
        for _ in 0..<80 { runs.append(try await makeRun(store, &random)) }
        for run in runs where random.oneIn(5) { try await store.deleteRun(run) }
        var all: [LinkedRun] = []
        for run in runs { all.append(try await store.linkedRun(run)) }
        return all
    }

    private static func makeRun(_ store: SQLiteStore, _ random: inout SeededRandom) async throws -> RunID {
        let new = NewRun(
            experiment: .numbered(Int64.random(in: 0...2, using: &random)),
            name: random.oneIn(3) ? random.one(of: ["Adam", "0.5"]) : nil,
            user: random.one(of: ["", "me", "Me"]),
            params: values(&random), tags: values(&random),
            startTime: Timestamp(milliseconds: Int64.random(in: 1...9, using: &random) * 1000))
        let run = try await store.createRun(new).id
        var points: [MetricPoint] = []
        for key in ["loss", "a b"] where !random.oneIn(4) {
            points.append(MetricPoint(key, 7, step: 0))
            points.append(MetricPoint(key, random.oneIn(5) ? .nan : random.one(of: numbers), step: 1))
        }
        try await store.log(run, points)
        if !random.oneIn(3) {
            let status: RunStatus = random.one(of: [.finished, .failed, .killed])
            let end = Int64.random(in: 5...12, using: &random) * 1000
            try await store.end(run, status, at: Timestamp(milliseconds: end))
        }
        for name in ["train", "Test"] where random.oneIn(3) {
            let dataset = Dataset(
                name: name, digest: random.one(of: ["1", "2"]), sourceType: "local", source: "s")
            let context: [ExactKey: String] =
                random.oneIn(3) ? [:] : ["mlflow.data.context": random.one(of: ["a", "b"])]
            try await store.logInputs(run, datasets: [DatasetInput(dataset, tags: context)], models: [])
        }
        return run
    }

    private static func values(_ random: inout SeededRandom) -> [ExactKey: String] {
        var values: [ExactKey: String] = [:]
        for key: ExactKey in ["lr", "optimizer"] where !random.oneIn(4) {
            values[key] = random.one(of: texts)
        }
        return values
    }

    // MARK: - What is asked

    private static func tree(
        _ depth: Int, _ random: inout SeededRandom, _ all: [LinkedRun]
    ) throws -> SearchTree<RunTest> {
        guard depth > 0, !random.oneIn(3) else {
            return .test(try test(Int.random(in: 0..<11, using: &random), &random, all))
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .not(try tree(depth - 1, &random, all))
        case 1, 2: return .all(try parts(depth, &random, all))
        default: return .any(try parts(depth, &random, all))
        }
    }

    private static func parts(
        _ depth: Int, _ random: inout SeededRandom, _ all: [LinkedRun]
    ) throws -> [SearchTree<RunTest>] {
        try (0..<Int.random(in: 0...3, using: &random)).map { _ in try tree(depth - 1, &random, all) }
    }

    private static func test(_ kind: Int, _ random: inout SeededRandom, _ all: [LinkedRun]) throws -> RunTest
    {
        let key = random.one(of: ["lr", "optimizer", "none"])
        let times = Array(stride(from: Int64(-3000), through: 12_000, by: 1000))
        switch kind {
        case 0: return .metric(random.one(of: ["loss", "a b", "none"]), numberTest(&random))
        case 1: return .param(key, .text(try textTest(texts, &random)))
        case 2: return .param(key, .number(random.one(of: Comparator.allCases), random.one(of: numbers)))
        case 3: return .tag(key, .text(try textTest(texts, &random)))
        case 4: return .tag("mlflow.runName", .text(try textTest(["Adam", "adam"], &random)))
        case 5:
            let text = random.one(of: RunText.allCases)
            return .text(text, try textTest(known(text, all), &random))
        case 6: return .time(.start, integerTest(times, &random))
        case 7: return .time(.end, integerTest(times, &random))
        case 8: return .duration(integerTest(times, &random))
        case 9:
            let key = random.one(of: ["lr", "mlflow.runName"])
            return .tag(key, .number(random.one(of: Comparator.allCases), random.one(of: numbers)))
        default:
            let text = random.one(of: DatasetText.allCases)
            return .dataset(text, try textTest(["train", "Test", "test", "1", "2", "a", "b"], &random))
        }
    }

    private static func known(_ text: RunText, _ all: [LinkedRun]) -> [String] {
        switch text {
        case .id: all.prefix(3).map(\.run.id.description)
        case .name: ["Adam", "adam"]
        case .userID: ["", "me", "Me"]
        case .status: ["RUNNING", "FINISHED", "finished"]
        case .artifactURI: all.prefix(5).map(\.run.artifactLocation)
        }
    }

    private static func numberTest(_ random: inout SeededRandom) -> NumberTest {
        if random.oneIn(6) { return random.one(of: [.present, .missing]) }
        let number = random.oneIn(12) ? .nan : random.one(of: numbers)
        return .compare(random.one(of: Comparator.allCases), number)
    }

    private static func integerTest(_ values: [Int64], _ random: inout SeededRandom) -> IntegerTest {
        if random.oneIn(6) { return random.one(of: [.present, .missing]) }
        return .compare(random.one(of: Comparator.allCases), random.one(of: values))
    }

    private static func textTest(_ known: [String], _ random: inout SeededRandom) throws -> TextTest {
        let text = random.one(of: known)
        let pattern = random.one(of: [
            text, "%", "%\(text.prefix(2))%", "\(text.prefix(1))%", "_\(text.dropFirst())",
        ])
        let regex = try SearchPattern(random.one(of: ["^[a-c]", "d.m$", "[0-9]", "\\s", "^$", "É|a"]))
        let isIgnoring = random.oneIn(2)
        return random.one(of: [
            .equal(text), .notEqual(text), .like(pattern, ignoringCase: isIgnoring),
            .notLike(pattern, ignoringCase: isIgnoring), .among([text, random.one(of: known)]),
            .notAmong([text, random.one(of: known)]), .matches(regex), .notMatches(regex), .present, .missing,
        ])
    }

    private static func order(_ random: inout SeededRandom) -> [SearchOrder<RunField>] {
        let fields: [RunField] = [
            .metric("loss"), .metric("none"), .param("lr"), .tag("optimizer"), .tag("mlflow.runName"),
            .text(.status), .text(.name), .text(.id), .text(.userID), .text(.artifactURI), .time(.start),
            .time(.end), .duration,
        ]
        return fields.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)).map {
            SearchOrder($0, isAscending: random.oneIn(2))
        }
    }
}
