import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore
import Testing

struct LoggedModelPointTests {
    @Test func `points of a logged model are kept with it, all or nothing`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let nobody = "m-" + String(repeating: "0", count: 32)
            let point = MetricPoint(0.5, step: 1)
            let link = PointLink(point, model: model, datasetName: "d", datasetDigest: "e")
            await #expect(throws: TrackingError.loggedModelNotFound(nobody)) {
                try await store.log(
                    run, points: [point], params: ["a": "1"], tags: [:],
                    links: [link, PointLink(point, model: nobody)])
            }
            #expect(try await store.run(run).params.isEmpty)
            #expect(try await store.history(run, key: "loss").isEmpty)
            #expect(try await store.points(ofLoggedModel: model, limit: 9).points.isEmpty)
            for _ in 0..<2 { try await Self.measure(store, run, [link]) }
            let page = try await store.points(ofLoggedModel: model, limit: 9)
            #expect(page.points == [LoggedModelPoint(point, of: run, datasetName: "d", datasetDigest: "e")])
            #expect(page.next == nil)
        }
    }

    @Test func `points differ by their data and their run`() async throws {
        try await withStore { store in
            let runs = [try await store.begin(), try await store.begin()]
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let point = MetricPoint(0.5, step: 1)
            var expected: [LoggedModelPoint] = []
            for run in runs {
                for (name, digest) in [("", ""), ("d", ""), ("d", "1"), ("e", "1")] {
                    let link = PointLink(point, model: model, datasetName: name, datasetDigest: digest)
                    for _ in 0..<2 { try await Self.measure(store, run, [link]) }
                    expected.append(
                        LoggedModelPoint(point, of: run, datasetName: name, datasetDigest: digest))
                }
            }
            #expect(try await store.points(ofLoggedModel: model, limit: 9).points == expected)
        }
    }

    @Test func `names of the same letters in other bytes are two`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let keys = ["\u{E9}", "e\u{301}"]
            let links = keys.map { PointLink(MetricPoint($0, 1, step: 1), model: model) }
            try await Self.measure(store, run, links)
            let found = try await store.points(ofLoggedModel: model, limit: 9).points
            #expect(found.map { Array($0.point.key.utf8) } == keys.map { Array($0.utf8) })
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 11, 12, 13])
    func `pages follow each other`(limit: Int) async throws {
        try await withStore { store in
            let run = try await store.begin()
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let keys = ["b", "a", "c"]
            let points = (0..<12).map { MetricPoint(keys[$0 % 3], Double($0), step: Int64(100 - $0)) }
            try await Self.measure(store, run, points.map { PointLink($0, model: model) })
            var found: [MetricPoint] = []
            var cursor: LoggedModelPointCursor?
            repeat {
                let page = try await store.points(ofLoggedModel: model, after: cursor, limit: limit)
                #expect(page.points.count == limit || page.next == nil)
                found += page.points.map(\.point)
                cursor = page.next
            } while cursor != nil
            // By metric as they became known, then by step.
            let expected = keys.flatMap { key in points.filter { $0.key == key }.reversed() }
            #expect(found == expected)
        }
    }

    @Test func `a page has a size, and a model that is gone no points`() async throws {
        try await withStore { store in
            for limit in [0, 10_001] {
                let wrong = TrackingError.invalid(
                    field: "limit", problem: "\(limit) is not within 1 to 10000")
                await #expect(throws: wrong) {
                    _ = try await store.points(ofLoggedModel: "m-1", limit: limit)
                }
            }
            let page = try await store.points(ofLoggedModel: "m-1", limit: 10_000)
            #expect(page.points.isEmpty && page.next == nil)
        }
    }

    @Test func `numbers that are none come back`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0)).id
            let values = [Double.nan, .infinity, -.infinity, -1.5, .greatestFiniteMagnitude]
            let points = values.enumerated().map { MetricPoint($1, step: Int64($0)) }
            try await Self.measure(store, run, points.map { PointLink($0, model: model) })
            let found = try await store.points(ofLoggedModel: model, limit: 9).points.map(\.point.value)
            #expect(found.first?.isNaN == true)
            #expect(Array(found.dropFirst()) == Array(values.dropFirst()))
        }
    }

    @Test func `a run that goes on from a checkpoint takes its later points from its models`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let other = try await store.begin()
            let model = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: "first")).id
            let second = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: "second")).id
            let links = { (key: String, steps: ClosedRange<Int64>, model: String) in
                steps.map { PointLink(MetricPoint(key, Double($0), step: $0), model: model) }
            }
            try await Self.measure(store, run, links("loss", 1...4, model) + links("gone", 1...2, model))
            try await Self.measure(store, run, links("loss", 3...3, second))
            try await Self.measure(store, other, links("loss", 9...9, model))
            try await store.resume(run, lastSteps: ["loss": 2], at: .now)
            let left = try await store.points(ofLoggedModel: model, limit: 99).points
            #expect(
                left.map { "\($0.run == run) \($0.point.key) \($0.point.step)" } == [
                    "true loss 1", "true loss 2", "false loss 9",
                ])
            #expect(try await store.points(ofLoggedModel: second, limit: 9).points.isEmpty)
            // The order goes by what is left.
            let third = try await store.createLoggedModel(NewLoggedModel(experiment: 0, name: "third")).id
            try await Self.measure(store, other, [PointLink(MetricPoint(5, step: 1), model: third)])
            let order = [LoggedModelOrder(.metric("loss"))]
            let question = LoggedModelQuestion(experiments: [0], order: order, limit: 9)
            #expect(
                try await store.searchLoggedModels(question).things.map(\.name) == [
                    "third", "first", "second",
                ])
            try await store.resume(other, lastSteps: [:], at: .now)
            #expect(
                try await store.searchLoggedModels(question).things.map(\.name) == [
                    "first", "third", "second",
                ])
        }
    }

    private static func measure(_ store: SQLiteStore, _ run: RunID, _ links: [PointLink]) async throws {
        try await store.log(run, points: links.map(\.point), params: [:], tags: [:], links: links)
    }
}
