import AviaryTracking
import AviaryTrackingStore
import Testing

struct SeriesTests {
    @Test(arguments: [1, 2, 7, 100, 10_000], [Int64(0), -700, 1_000_003])
    func `buckets are aligned and equal a plain computation`(limit: Int, offset: Int64) async throws {
        try await withStore { store in
            let run = try await store.begin()
            let points = (0..<900).map { MetricPoint(wave($0), step: offset + Int64($0 * $0 / 400)) }
            try await store.log(run, points.shuffled())
            let answer = try await only(store, run, .step, buckets: limit)
            let spansZero = points.contains { $0.step < 0 } && points.contains { $0.step >= 0 }
            #expect(answer.buckets.count <= max(limit, spansZero ? 2 : 1))
            #expect(answer.width.nonzeroBitCount == 1)
            #expect(answer.buckets.allSatisfy { $0.x % answer.width == 0 })
            compare(answer, with: points.map { ($0.step, $0) })
        }
    }

    @Test func `the width is the smallest that fits`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            try await store.log(run, (0..<1000).map { MetricPoint(1, step: $0) })
            #expect(try await only(store, run, .step, buckets: 1000).width == 1)
            #expect(try await only(store, run, .step, buckets: 999).width == 2)
            #expect(try await only(store, run, .step, buckets: 500).width == 2)
            #expect(try await only(store, run, .step, buckets: 499).width == 4)
            #expect(try await only(store, run, .step, buckets: 1).width == 1024)
        }
    }

    @Test func `the edge buckets count only what lies in the range`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let points = (0..<1000).map { MetricPoint(wave($0), step: Int64($0)) }
            try await store.log(run, points)
            let answer = try await only(store, run, .step, buckets: 10, from: 101, to: 555)
            #expect(answer.buckets.map(\.count).reduce(0, +) == 455)
            compare(answer, with: points.filter { (101...555).contains($0.step) }.map { ($0.step, $0) })
            #expect(try await only(store, run, .step, buckets: 10, from: 5000).buckets.isEmpty)
        }
    }

    @Test(arguments: [SeriesAxis.time, .relative], [true, false])
    func `time is an axis too, also where it does not rise with the steps`(
        axis: SeriesAxis, rises: Bool
    ) async throws {
        try await withStore { store in
            let run = try await store.begin(at: 1_000_000)
            let origin: Int64 = axis == .relative ? 1_000_000 : 0
            let points = (0..<800).map { (index: Int) -> MetricPoint in
                let time = 1_000_000 + Int64(rises ? index : (index * 37) % 800) * 250
                return MetricPoint(wave(index), step: Int64(index), time: time)
            }
            try await store.log(run, points)
            let placed: [(x: Int64, point: MetricPoint)] = points.map {
                ($0.timestamp.milliseconds - origin, $0)
            }
            compare(try await only(store, run, axis, buckets: 50), with: placed)
            let part = try await only(store, run, axis, buckets: 20, from: origin == 0 ? 1_050_000 : 50_000)
            compare(part, with: placed.filter { $0.point.timestamp.milliseconds >= 1_050_000 })
        }
    }

    @Test func `NaN and the infinities are counted but not summed`() async throws {
        try await withStore { store in
            let run = try await store.begin()
            let values = [Double.nan, 2, .infinity, 4, -.infinity]
            try await store.log(run, values.enumerated().map { MetricPoint($1, step: Int64($0)) })
            let bucket = try #require(try await only(store, run, .step, buckets: 1).buckets.first)
            #expect(bucket.count == 5)
            #expect(bucket.nanCount == 1)
            #expect(bucket.first.isNaN)
            #expect(bucket.last == -.infinity)
            #expect(bucket.min == 2)
            #expect(bucket.max == 4)
            #expect(bucket.mean == 3)
        }
    }

    @Test func `the ends of the integers do not overflow`() async throws {
        try await withStore { store in
            let run = try await store.begin(at: .max)
            let ends = [Int64.min, .max].map { MetricPoint(1, step: $0, time: $0) }
            try await store.log(run, ends)
            for axis in [SeriesAxis.step, .time, .relative] {
                let answer = try await only(store, run, axis, buckets: 3)
                #expect(answer.buckets.map(\.count).reduce(0, +) == 2)
            }
        }
    }

    @Test func `asks for several runs and keys, and leaves out what is not there`() async throws {
        try await withStore { store in
            let first = try await store.begin()
            let second = try await store.begin()
            try await store.log(first, [MetricPoint("a", 1, step: 1), MetricPoint("b", 1, step: 1)])
            try await store.log(second, [MetricPoint("b", 1, step: 1)])
            let answers = try await store.series(SeriesQuestion(runs: [first, second], keys: ["a", "b"]))
            #expect(answers.map(\.run) == [first, first, second])
            #expect(answers.map(\.key) == ["a", "b", "b"])
            for buckets in [0, SeriesQuestion.bucketLimit + 1] {
                await #expect(throws: TrackingError.self) {
                    _ = try await store.series(SeriesQuestion(runs: [first], keys: ["a"], buckets: buckets))
                }
            }
            await #expect(throws: TrackingError.self) {
                _ = try await store.series(SeriesQuestion(runs: [first], keys: ["a"], from: 2, to: 1))
            }
        }
    }

    private func wave(_ index: Int) -> Double { Double((index * 7919) % 1009) / 64 - 5 }

    private func only(
        _ store: SQLiteStore, _ run: RunID, _ axis: SeriesAxis, buckets: Int, from: Int64? = nil,
        to: Int64? = nil
    ) async throws -> SeriesAnswer {
        let question = SeriesQuestion(
            runs: [run], keys: ["loss"], axis: axis, from: from, to: to, buckets: buckets)
        return try #require(try await store.series(question).first)
    }

    /// Sums the points up the simple way: all that share a bucket, sorted.
    private func compare(_ answer: SeriesAnswer, with points: [(x: Int64, point: MetricPoint)]) {
        let groups = Dictionary(grouping: points) { entry in
            let rest = entry.x % answer.width
            return entry.x - (rest < 0 ? rest + answer.width : rest)
        }
        #expect(answer.buckets.map(\.x) == groups.keys.sorted())
        for bucket in answer.buckets {
            let group = (groups[bucket.x] ?? []).sorted {
                ($0.x, $0.point.step, $0.point.value) < ($1.x, $1.point.step, $1.point.value)
            }
            let values = group.map(\.point.value)
            #expect(bucket.count == values.count)
            #expect(bucket.nanCount == 0)
            #expect(bucket.first == values.first)
            #expect(bucket.last == values.last)
            #expect(bucket.min == values.min())
            #expect(bucket.max == values.max())
            // Multiples of 1/64 below 2^10: their sums are exact in any order.
            #expect(bucket.mean == values.reduce(0, +) / Double(values.count))
        }
    }
}
