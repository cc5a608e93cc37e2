import AviaryFuzzing
import AviaryTracking
import AviaryTrackingStore
import Testing

struct HistoryTests {
    @Test(arguments: [1, 3, 100])
    func `pages are in the order of time, whatever the order of steps`(size: Int) async throws {
        try await withStore { store in
            let run = try await store.begin()
            let rising = (Int64(0)..<20).map {
                MetricPoint("rising", Double($0 % 3), step: $0 / 2, time: $0 / 3)
            }
            let mixed = (Int64(0)..<20).map {
                MetricPoint("mixed", Double($0 % 4), step: $0, time: ($0 * 7) % 10)
            }
            try await store.log(run, rising + mixed)
            for (key, points) in [("rising", rising), ("mixed", mixed)] {
                let expected = points.sorted {
                    ($0.timestamp.milliseconds, $0.step, $0.value) < (
                        $1.timestamp.milliseconds, $1.step, $1.value
                    )
                }
                var all: [MetricPoint] = []
                var cursor: HistoryCursor?
                repeat {
                    let page = try await store.history(run, key: key, after: cursor, limit: size)
                    #expect(page.points.count == size || page.next == nil)
                    all += page.points
                    cursor = try page.next.map { try #require(HistoryCursor($0.text)) }
                } while cursor != nil
                #expect(all == expected)
            }
        }
    }

    @Test(arguments: 1...4)
    func `pages go on where they stopped, whatever came or went meanwhile`(seed: UInt64) async throws {
        try await withStore { store in
            var random = SeededRandom(seed)
            let run = try await store.begin()
            var points: Set<MetricPoint> = []
            var cursor: HistoryCursor?
            var last: MetricPoint?
            for round in 0..<40 {
                if round == 0 || random.oneIn(3) {
                    let new = (0..<9).map { _ in
                        MetricPoint(
                            Double(Int.random(in: 0...2, using: &random)),
                            step: Int64.random(in: 0...50, using: &random),
                            time: Int64.random(in: 0...50, using: &random))
                    }
                    try await store.log(run, new)
                    points.formUnion(new)
                } else if random.oneIn(6) {
                    let step = Int64.random(in: 20...50, using: &random)
                    try await store.resume(run, lastSteps: ["loss": step], at: .now)
                    points = points.filter { $0.step <= step }
                }
                let page = try await store.history(run, key: "loss", after: cursor, limit: 5)
                let expected = points.filter { last == nil || Self.isEarlier(last ?? $0, $0) }
                    .sorted(by: Self.isEarlier)
                #expect(page.points == Array(expected.prefix(5)))
                #expect((page.next == nil) == (expected.count <= 5))
                cursor = page.next
                last = page.next == nil ? nil : page.points.last
            }
        }
    }

    private static func isEarlier(_ left: MetricPoint, _ right: MetricPoint) -> Bool {
        (left.timestamp.milliseconds, left.step, left.value)
            < (right.timestamp.milliseconds, right.step, right.value)
    }

    @Test func `a cursor that is none is not taken`() {
        for text in ["", "1/2", "1/2/3/4", "a/2/3", "1//3"] { #expect(HistoryCursor(text) == nil) }
        #expect(HistoryCursor("-1/2/-3")?.text == "-1/2/-3")
    }

    @Test func `there is nothing of what is not there`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            for (run, key) in [(run, "none"), (.random(), "loss")] {
                let page = try await store.history(run, key: key, after: nil, limit: 1)
                #expect(page.points.isEmpty)
                #expect(page.next == nil)
            }
            #expect(try await store.sampledHistory(run, key: "none", steps: 0...1, limit: 1).isEmpty)
            #expect(try await store.sampledHistory(.random(), key: "loss", steps: 0...1, limit: 1).isEmpty)
            await #expect(throws: TrackingError.self) {
                try await store.history(run, key: "loss", after: nil, limit: 0)
            }
        }
    }

    /// The steps that MLflow 3.17 chooses among eleven.
    @Test(
        arguments: [
            (1, [10]), (2, [0, 10]), (3, [0, 4, 10]), (4, [0, 3, 6, 10]), (5, [0, 3, 5, 7, 10]),
            (10, [0, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (11, Array(0...10)), (2500, Array(0...10)),
        ] as [(Int, [Int64])])
    func `a sample is even, with the first and the last`(limit: Int, steps: [Int64]) async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, (Int64(-2)...20).map { MetricPoint(Double($0), step: $0) })
            let sample = try await store.sampledHistory(run, key: "loss", steps: 0...10, limit: limit)
            #expect(sample.map(\.step) == steps)
        }
    }
}
