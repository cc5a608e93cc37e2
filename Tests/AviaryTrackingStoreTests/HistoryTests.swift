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
