import AviaryTracking
import GRDB

/// Reads the points of a series.
///
/// Read in pages, each a transaction of its own: a reader that stays keeps the write-ahead log from shrinking.
enum HistoryQuery {
    static let pageSize = 25_000

    /// The points after `last` by step, then time, then value.
    static func page(
        of series: Int64, after last: StoredPoint?, limit: Int = pageSize, _ db: Database
    ) throws -> [StoredPoint] {
        guard let last else {
            return try points(
                """
                SELECT step, timestamp, bits FROM point WHERE series = ?
                ORDER BY step, timestamp, bits LIMIT ?
                """, [series, Int64(limit)], db)
        }
        return try points(
            """
            SELECT step, timestamp, bits FROM point
            WHERE series = ? AND (step, timestamp, bits) > (?, ?, ?) ORDER BY step, timestamp, bits LIMIT ?
            """, [series, last.step, last.timestamp, last.bits, Int64(limit)], db)
    }

    /// The points after `last` by time, then step, then value.
    ///
    /// Where times do not rise with steps they are sorted, once for all pages but the first, unless there are too many.
    static func pageByTime(
        of series: SeriesRow, after last: StoredPoint?, limit: Int, _ orders: TimeOrders, _ db: Database
    ) throws -> [StoredPoint] {
        guard !series.risesTogether else { return try page(of: series.id, after: last, limit: limit, db) }
        guard let last else {
            return try points(
                """
                SELECT step, timestamp, bits FROM point WHERE series = ?
                ORDER BY timestamp, step, bits LIMIT ?
                """, [series.id, Int64(limit)], db)
        }
        if let sorted = try sorted(series.id, orders, db) {
            return Array(sorted[sorted.firstIndex(after: last)...].prefix(limit))
        }
        return try points(
            """
            SELECT step, timestamp, bits FROM point
            WHERE series = ? AND (timestamp, step, bits) > (?, ?, ?) ORDER BY timestamp, step, bits LIMIT ?
            """, [series.id, last.timestamp, last.step, last.bits, Int64(limit)], db)
    }

    /// So many points at most of those within the steps, evenly chosen in the order of steps.
    ///
    /// They are cut into as many parts of equal size, of which the first points are taken, and the very last point
    /// instead of the last of these.
    static func sample(
        of series: Int64, steps: ClosedRange<Int64>, limit: Int, _ db: Database
    ) throws -> [StoredPoint] {
        let within = [series, steps.lowerBound, steps.upperBound]
        let counting = try db.cachedStatement(
            sql: "SELECT count(*) FROM point WHERE series = ? AND step BETWEEN ? AND ?")
        let count = try Int.fetchOne(counting, arguments: StatementArguments(within)) ?? 0
        var places = Self.places(among: count, limit: limit)[...]
        var sample: [StoredPoint] = []
        var place = 0
        try PointTable.scan(
            """
            SELECT step, timestamp, bits FROM point WHERE series = ? AND step BETWEEN ? AND ?
            ORDER BY step, timestamp, bits
            """, within, db
        ) { point in
            if place == places.first {
                sample.append(point)
                places.removeFirst()
            }
            place += 1
            return !places.isEmpty
        }
        return sample
    }

    /// All points by time; `nil` if there are too many.
    private static func sorted(
        _ series: Int64, _ orders: TimeOrders, _ db: Database
    ) throws -> [StoredPoint]? {
        let state = TimeOrders.State(
            series: series, revision: try LatestTable.find(series, db)?.revision ?? 0)
        if let known = orders.points(state) { return known }
        guard try PointTable.count(of: series, upTo: orders.pointLimit + 1, db) <= orders.pointLimit else {
            return nil
        }
        let sorted = try points("SELECT step, timestamp, bits FROM point WHERE series = ?", [series], db)
            .sorted(by: StoredPoint.isEarlier)
        orders.keep(sorted, state)
        return sorted
    }

    private static func places(among count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<count) }
        let (size, rest) = count.quotientAndRemainder(dividingBy: limit)
        return (0..<limit - 1).map { $0 * size + min($0, rest) } + [count - 1]
    }

    private static func points(_ sql: String, _ values: [Int64], _ db: Database) throws -> [StoredPoint] {
        var points: [StoredPoint] = []
        try PointTable.scan(sql, values, db) { point in
            points.append(point)
            return true
        }
        return points
    }
}

extension [StoredPoint] {
    /// The place of the first point after another, of points in the order of time.
    fileprivate func firstIndex(after point: StoredPoint) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if StoredPoint.isEarlier(point, self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Finds the last step of each series of a run.
enum LastStepsQuery {
    static func all(of run: Int64, _ db: Database) throws -> [ExactKey: Int64] {
        try LatestTable.summaries(of: run, db).mapValues(\.step)
    }
}
