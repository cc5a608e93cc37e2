import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggedModelSearchTests {
    @Test func `every test finds what a plain search finds`() async throws {
        try await withStore { store in
            let all = try await Self.fill(store)
            let first = all[0].model
            let middle = all[6].model.createdAt.milliseconds
            let numbers: [NumberTest] = Comparator.allCases.flatMap { comparator in
                [0.25, 0.5, 3].map { .compare(comparator, $0) }
            }
            let tests: [LoggedModelTest] =
                [
                    .text(.name, .equal("m1")), .text(.name, .like("M%", ignoringCase: true)),
                    .text(.name, .like("M%", ignoringCase: false)),
                    .text(.id, .among([first.id, "m-none"])), .text(.type, .equal("")),
                    .text(.type, .notEqual("agent")), .text(.statusNumber, .equal("2")),
                    .text(.statusNumber, .notAmong(["1", "3"])), .text(.status, .equal("READY")),
                    .text(.status, .notAmong(["PENDING", "FAILED"])), .text(.status, .equal("2")),
                    .text(.run, .missing), .text(.run, .present), .text(.run, .notEqual(first.sourceRun)),
                    .experiment(.among([1, 7])), .experiment(.notAmong([1])),
                    .text(.name, .matches(try SearchPattern("^m[0-4]$"))),
                    .text(.sourceRunID, .equal(first.sourceRun)),
                    .text(.sourceRunID, .notEqual(first.sourceRun)), .text(.experimentID, .equal("1")),
                    .time(.creation, .compare(.less, middle)),
                    .time(.lastUpdate, .compare(.greaterOrEqual, middle)),
                    .param("lr", .text(.equal("0"))), .param("lr", .text(.notEqual("0"))),
                    .param("none", .text(.equal("0"))), .param("lr", .text(.missing)),
                    .param("lr", .number(.greater, 0.5)), .tag("t", .text(.among(["1", "2"]))),
                    .tag("t", .text(.notAmong(["1", "2"]))), .tag("t", .text(.present)),
                    .tag("t", .text(.like("%", ignoringCase: false))), .tag("t", .number(.lessOrEqual, 2)),
                    .time(.creation, .present), .time(.creation, .missing),
                ] + ["acc", "loss", "none"].flatMap { key in numbers.map { .metric(key, $0) } }
            let choices: [[MeasuredDataset]] = [
                [], [MeasuredDataset(name: "d")], [MeasuredDataset(name: "d", digest: "1")],
                [MeasuredDataset(name: "e"), MeasuredDataset(name: "d", digest: "2")],
                [MeasuredDataset(name: "none")],
            ]
            for test in tests {
                for filter in [SearchTree.test(test), .not(.test(test))] {
                    for datasets in choices {
                        let question = LoggedModelQuestion(
                            experiments: [0, 1], filter: filter, datasets: datasets,
                            order: [LoggedModelOrder(.text(.name))], limit: 99)
                        let found = try await store.searchLoggedModels(question).things.map(\.name)
                        #expect(found == Self.plain(all, question), "\(filter) on \(datasets)")
                    }
                }
            }
        }
    }

    @Test func `of several conditions on one metric each may hold on another point`() async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let filter = SearchTree<LoggedModelTest>.all([
                .test(.metric("acc", .compare(.less, 0.3))), .test(.metric("acc", .compare(.greater, 2))),
            ])
            let question = LoggedModelQuestion(
                experiments: [0, 1], filter: filter, order: [LoggedModelOrder(.text(.name))], limit: 99)
            #expect(try await store.searchLoggedModels(question).things.map(\.name) == ["m1"])
        }
    }

    @Test(
        arguments: [
            ([], "bacde"),
            ([LoggedModelOrder(.metric("x"))], "cdabe"),
            ([LoggedModelOrder(.metric("x"), isAscending: false)], "adcbe"),
            ([LoggedModelOrder(.metric("x"), dataset: MeasuredDataset(name: "d"))], "cabde"),
            ([LoggedModelOrder(.metric("x"), dataset: MeasuredDataset(digest: "2"))], "cbade"),
            (
                [
                    LoggedModelOrder(
                        .metric("x"), isAscending: false, dataset: MeasuredDataset(name: "d", digest: "1"))
                ], "acbde"
            ),
            ([LoggedModelOrder(.text(.name), isAscending: false)], "edcba"),
            ([LoggedModelOrder(.time(.creation))], "edcab"),
            ([LoggedModelOrder(.text(.statusNumber)), LoggedModelOrder(.text(.name))], "acdeb"),
            (
                [LoggedModelOrder(.text(.status), isAscending: false), LoggedModelOrder(.text(.name))],
                "bacde"
            ),
            (
                [SearchOrder(.metric("x"), isAscending: false), SearchOrder(.text(.name))]
                    .map { LoggedModelOrder($0) }, "adcbe"
            ),
            ([LoggedModelOrder(.text(.type)), LoggedModelOrder(.text(.name), isAscending: false)], "edcba"),
        ] as [([LoggedModelOrder], String)])
    func `models stand in the order that is asked for`(
        order: [LoggedModelOrder], expected: String
    ) async throws {
        try await withStore { store in
            try await Self.fillForOrder(store)
            let question = LoggedModelQuestion(experiments: [0], order: order, limit: 99)
            let found = try await store.searchLoggedModels(question).things
            #expect(found.map(\.name).joined() == expected)
        }
    }

    @Test func `equals come by their identifiers, and pages follow each other`() async throws {
        try await withStore { store in
            for _ in 0..<7 { _ = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: "n")) }
            let whole = LoggedModelQuestion(
                experiments: [0], order: [LoggedModelOrder(.text(.name)), LoggedModelOrder(.text(.id))],
                limit: 99)
            let all = try await store.searchLoggedModels(whole)
            #expect(all.things.map(\.id) == all.things.map(\.id).sorted())
            #expect(!all.hasMore)
            var page = whole
            page.limit = 3
            var found: [LoggedModel] = []
            while true {
                let next = try await store.searchLoggedModels(page)
                found += next.things
                guard next.hasMore else { break }
                page.offset += page.limit
            }
            #expect(found == all.things)
            #expect(
                try await store.searchLoggedModels(LoggedModelQuestion(experiments: [], limit: 9)).things
                    == [])
        }
    }

    @Test func `all experiments are those that are not in the trash`() async throws {
        try await withStore { store in
            let gone = try await store.createExperiment(NewExperiment(name: "gone")).id
            for experiment in [0, gone] {
                _ = try await store.createLoggedModel(
                    NewLoggedModel(experiment: experiment, name: "of \(experiment)"))
            }
            try await store.deleteExperiment(gone)
            func names(_ experiments: [Int64]?) async throws -> [String] {
                let question = LoggedModelQuestion(experiments: experiments, limit: 9)
                return try await store.searchLoggedModels(question).things.map(\.name)
            }
            #expect(try await names(nil) == ["of 0"])
            #expect(try await names([gone]) == ["of \(gone)"])
        }
    }

    @Test func `a filter as large and as deep as the grammar takes is answered`() async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let test = LoggedModelTest.metric("acc", .compare(.greater, 0))
            let wide = SearchTree<LoggedModelTest>.all(
                (0..<SearchLimits.comparisons).map { _ in .test(test) })
            var deep = SearchTree<LoggedModelTest>.test(test)
            for level in 0..<SearchLimits.depth {
                deep =
                    level.isMultiple(of: 2)
                    ? .not(.all([deep, .test(test)])) : .any([deep, .not(.test(test))])
            }
            let datasets = (0..<SearchLimits.comparisons).map { MeasuredDataset(name: "d", digest: "\($0)") }
            let order = (0..<SearchLimits.orderClauses).map { LoggedModelOrder(.metric("k\($0)")) }
            for filter in [wide, deep] {
                let question = LoggedModelQuestion(
                    experiments: [0, 1], filter: filter, datasets: datasets, order: order, limit: 99)
                _ = try await store.searchLoggedModels(question, time: SearchTime(limit: .seconds(60)))
            }
        }
    }

    @Test func `a search that takes too long is ended, and the next one is not`() async throws {
        try await withStore { store in
            _ = try await Self.fill(store)
            let none = SearchTree<LoggedModelTest>.any(
                (0..<100).map { .test(.metric("m\($0)", .compare(.greater, 9))) })
            let question = LoggedModelQuestion(experiments: [0, 1], filter: none, limit: 9)
            let limit = Duration.nanoseconds(1)
            await #expect(throws: TrackingError.searchTooLong(limit: limit)) {
                _ = try await store.searchLoggedModels(question, time: SearchTime(limit: limit))
            }
            #expect(try await store.searchLoggedModels(question).things.isEmpty)
        }
    }

    @Test(arguments: [false, true])
    func `a test that goes over a long text is ended within it`(isPattern: Bool) async throws {
        try await withStore { store in
            let long = "%\(String(repeating: "a", count: 9000))b%"
            let pattern = try SearchPattern("(a|b?a){300}c")
            let test = isPattern ? TextTest.matches(pattern) : .like(long, ignoringCase: false)
            let text = String(repeating: "a", count: 1 << 20 - 1)
            _ = try await store.createLoggedModel(NewLoggedModel(experiment: 0, params: ["p": text]))
            let question = LoggedModelQuestion(
                experiments: [0], filter: .test(.param("p", .text(test))), limit: 9)
            let limit = Duration.milliseconds(20)
            let clock = ContinuousClock()
            let start = clock.now
            await #expect(throws: TrackingError.searchTooLong(limit: limit)) {
                _ = try await store.searchLoggedModels(question, time: SearchTime(limit: limit))
            }
            // To go over all of it takes minutes; beside all other tests what is short takes seconds.
            #expect(clock.now - start < .seconds(40))
        }
    }

    // MARK: - What is searched

    private struct Measured {
        let model: LoggedModel
        let points: [LoggedModelPoint]
    }

    /// Ten models in two experiments, by name, of which one more is in the trash.
    private static func fill(_ store: SQLiteStore) async throws -> [Measured] {
        let runs = [try await store.begin(), try await store.begin()]
        var all: [Measured] = []
        for number in 0..<10 {
            let made = try await store.createLoggedModel(
                NewLoggedModel(
                    experiment: Int64(number % 2), name: "m\(number)",
                    type: ["", "agent", "llm"][number % 3],
                    sourceRun: number % 4 == 1 ? "" : runs[number % 2].description,
                    params: number % 3 == 0 ? [:] : ["lr": "\(number % 2)"],
                    tags: number % 5 == 0 ? [:] : ["t": "\(number % 5)"]))
            var links: [PointLink] = []
            for step in 0..<(number % 4) {
                let value = step == 2 ? Double.nan : Double(number + step) / 4
                links.append(
                    PointLink(
                        MetricPoint(number % 2 == 0 ? "acc" : "loss", value, step: Int64(step)),
                        model: made.id, datasetName: ["", "d", "e"][step],
                        datasetDigest: ["", "1", "2"][number % 3])
                )
            }
            if number == 1 {
                links += [0.25, 3].map { PointLink(MetricPoint("acc", $0, step: 0), model: made.id) }
            }
            try await store.log(runs[0], points: [], params: [:], tags: [:], links: links)
            if number % 3 > 0 {
                _ = try await store.setStatus(
                    number % 3 == 1 ? .ready : .uploadFailed, ofLoggedModel: made.id)
            }
            all.append(
                Measured(
                    model: try await store.loggedModel(made.id),
                    points: try await store.points(ofLoggedModel: made.id, limit: 99).points))
        }
        let gone = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: "m99"))
        try await store.deleteLoggedModel(gone.id)
        return all
    }

    /// Five models, made in the order e d c a b, of which four have `x`.
    private static func fillForOrder(_ store: SQLiteStore) async throws {
        let run = try await store.begin()
        let measured: [(name: String, points: [(value: Double, step: Int64, time: Int64, digest: String)])] =
            [
                ("e", []), ("d", [(5, 9, 1, "3"), (0, 3, 2, "3")]), ("c", [(-1, 1, 5, "2"), (2, 1, 1, "1")]),
                ("a", [(7, 5, 5, "1"), (9, 9, 1, "1"), (6, 4, 5, "1")]), ("b", [(.nan, 1, 1, "2")]),
            ]
        for (name, points) in measured {
            let id = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: name)).id
            if name == "b" { _ = try await store.setStatus(.ready, ofLoggedModel: id) }
            let links = points.map { point in
                PointLink(
                    MetricPoint("x", point.value, step: point.step, time: point.time), model: id,
                    datasetName: name == "d" || point.digest == "2" ? "" : "d", datasetDigest: point.digest)
            }
            try await store.log(run, points: [], params: [:], tags: [:], links: links)
            try await Task.sleep(for: .milliseconds(2))  // so that no two are made at one time
        }
    }

    // MARK: - A plain search

    private static func plain(_ all: [Measured], _ question: LoggedModelQuestion) -> [String] {
        let asksForMetric = question.filter.tests.contains { if case .metric = $0 { true } else { false } }
        let fitting = all.filter { measured in
            let points = measured.points.filter { isOn(question.datasets, $0) }
            let isMeasured = question.datasets.isEmpty || asksForMetric || !points.isEmpty
            return isMeasured && question.filter.holds { holds($0, of: measured.model, points) }
        }
        return fitting.map(\.model.name).sorted()
    }

    private static func isOn(_ datasets: [MeasuredDataset], _ point: LoggedModelPoint) -> Bool {
        datasets.isEmpty
            || datasets.contains { dataset in
                (dataset.name ?? point.datasetName) == point.datasetName
                    && (dataset.digest ?? point.datasetDigest) == point.datasetDigest
            }
    }

    private static func holds(
        _ test: LoggedModelTest, of model: LoggedModel, _ points: [LoggedModelPoint]
    ) -> Bool {
        switch test {
        case .text(let text, let test): PlainSearch.holds(test, self.text(text, of: model))
        case .experiment(.among(let numbers)): numbers.contains(model.experimentID)
        case .experiment(.notAmong(let numbers)): !numbers.contains(model.experimentID)
        case .time(.creation, let test): PlainSearch.holds(test, model.createdAt.milliseconds)
        case .time(.lastUpdate, let test): PlainSearch.holds(test, model.updatedAt.milliseconds)
        case .metric(let key, let test):
            points.contains { $0.point.key == key && PlainSearch.holds(test, $0.point.value) }
        case .param(let key, let test): PlainSearch.holds(test, model.params[key])
        case .tag(let key, let test): PlainSearch.holds(test, model.tags[key])
        }
    }

    private static func text(_ text: LoggedModelText, of model: LoggedModel) -> String? {
        switch text {
        case .name: model.name
        case .id: model.id
        case .type: model.type
        case .status: model.status.word
        case .statusNumber: "\(model.status.rawValue)"
        case .run: model.sourceRun.isEmpty ? nil : model.sourceRun
        case .sourceRunID: model.sourceRun
        case .experimentID: "\(model.experimentID)"
        }
    }
}
