import AviaryTracking
import GRDB

/// Sums up the points of a series in at most so many equal buckets.
struct SeriesQuery {
    let axis: SeriesAxis
    let from: Int64?
    let to: Int64?
    let bucketCount: Int

    init(_ question: SeriesQuestion) throws(TrackingError) {
        guard (1...SeriesQuestion.bucketLimit).contains(question.buckets) else {
            let limit = SeriesQuestion.bucketLimit
            throw .invalid(field: "buckets", problem: "\(question.buckets) is not within 1 to \(limit)")
        }
        if let from = question.from, let to = question.to, from > to {
            throw .invalid(field: "from", problem: "\(from) is greater than to, \(to)")
        }
        axis = question.axis
        from = question.from
        to = question.to
        bucketCount = question.buckets
    }

    /// The width and the buckets; `nil` if the run has no such series.
    func answer(_ key: String, of run: RunRow, _ db: Database) throws -> SeriesAnswer? {
        guard let series = try SeriesTable.find(key, of: run.id, db) else { return nil }
        let origin = axis == .relative ? run.startTime.milliseconds : 0
        let sum =
            switch axis {
            case .step: try overSteps(series, db)
            case .time, .relative: try overTime(series, origin: origin, db)
            }
        return SeriesAnswer(
            run: run.uuid, key: key, width: sum?.scale.width ?? 1, buckets: sum?.finished ?? [])
    }

    private func overSteps(_ series: SeriesRow, _ db: Database) throws -> BucketSum? {
        guard let first = try PointTable.first(of: series.id, db)?.step,
            let last = try PointTable.last(of: series.id, db)?.step,
            let range = clip(first, last)
        else { return nil }
        var sum = BucketSum(scale: BucketScale(range, bucketCount: bucketCount))
        try PointTable.scan(
            """
            SELECT step, timestamp, bits FROM point WHERE series = ? AND step BETWEEN ? AND ?
            ORDER BY step, timestamp, bits
            """, [series.id, range.lowerBound, range.upperBound], db
        ) { point in
            sum.add(point.value, at: point.step)
            return true
        }
        return sum
    }

    /// One scan in the order of steps; only where times do not rise with it, the points are sorted.
    private func overTime(_ series: SeriesRow, origin: Int64, _ db: Database) throws -> BucketSum? {
        let x = { (point: StoredPoint) in Self.difference(point.timestamp, origin) }
        var sorted: [StoredPoint] = []
        if !series.risesTogether {
            try scan(series, db) { point in
                sorted.append(point)
                return true
            }
            sorted.sort(by: StoredPoint.isEarlier)
        }
        let first = try series.risesTogether ? PointTable.first(of: series.id, db) : sorted.first
        let last = try series.risesTogether ? PointTable.last(of: series.id, db) : sorted.last
        guard let first, let last, let range = clip(x(first), x(last)) else { return nil }
        var sum = BucketSum(scale: BucketScale(range, bucketCount: bucketCount))
        let take: (StoredPoint) -> Bool = { point in
            let place = x(point)
            if range.contains(place) { sum.add(point.value, at: place) }
            return place <= range.upperBound
        }
        if series.risesTogether {
            try scan(series, db, take)
        } else {
            for point in sorted where !take(point) { break }
        }
        return sum
    }

    private func scan(_ series: SeriesRow, _ db: Database, _ body: (StoredPoint) -> Bool) throws {
        try PointTable.scan(
            "SELECT step, timestamp, bits FROM point WHERE series = ? ORDER BY step, timestamp, bits",
            [series.id], db, body)
    }

    /// The part of the series' extent that was asked for; `nil` if they do not meet.
    private func clip(_ first: Int64, _ last: Int64) -> ClosedRange<Int64>? {
        let low = max(first, from ?? first)
        let high = min(last, to ?? last)
        return low <= high ? low...high : nil
    }

    private static func difference(_ left: Int64, _ right: Int64) -> Int64 {
        let (value, overflow) = left.subtractingReportingOverflow(right)
        return overflow ? (left < 0 ? .min : .max) : value
    }
}
