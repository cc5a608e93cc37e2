package import AviaryTracking
import GRDB

/// Some points of a series, by time, then step, then value.
package struct HistoryPage: Sendable, Equatable {
    package let points: [MetricPoint]
    /// Asks for the points after these; `nil` if there are none.
    package let next: HistoryCursor?
}

/// The place of a point in the order of time.
package struct HistoryCursor: Sendable, Equatable {
    let point: StoredPoint

    init(after point: StoredPoint) {
        self.point = point
    }

    /// Reads what `text` wrote.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 3, let timestamp = parts[0], let step = parts[1], let bits = parts[2] else {
            return nil
        }
        point = StoredPoint(step: step, timestamp: timestamp, bits: bits)
    }

    package var text: String { "\(point.timestamp)/\(point.step)/\(point.bits)" }
}

extension SQLiteStore {
    /// The most points of one page, and of one sample.
    package static var historyPageLimit: Int { HistoryQuery.pageSize }

    /// All points of a series by step, then time, then value; none if the run has no such series.
    package func history(_ run: RunID, key: String) async throws(TrackingError) -> [MetricPoint] {
        let series = try await readers.read { db in
            try SeriesTable.find(key, of: RunTable.row(run, db).id, db)?.id
        }
        guard let series else { return [] }
        var all: [MetricPoint] = []
        var last: StoredPoint?
        while true {
            let page = try await readers.read { [last] db in
                try HistoryQuery.page(of: series, after: last, db)
            }
            all += page.map { MetricPoint(key, $0) }
            guard page.count == HistoryQuery.pageSize else { return all }
            last = page.last
        }
    }

    /// Some points of a series by time; none if there is no such run, or if it has no such series.
    package func history(
        _ run: RunID, key: String, after cursor: HistoryCursor?, limit: Int
    ) async throws(TrackingError) -> HistoryPage {
        try Self.check(limit: limit)
        let found = try await readers.read { [timeOrders] db -> [StoredPoint] in
            guard let row = try RunTable.find(run, db), let series = try SeriesTable.find(key, of: row, db)
            else { return [] }
            return try HistoryQuery.pageByTime(
                of: series, after: cursor?.point, limit: limit + 1, timeOrders, db)
        }
        let shown = found.prefix(limit)
        let next = found.count > limit ? shown.last.map { HistoryCursor(after: $0) } : nil
        return HistoryPage(points: shown.map { MetricPoint(key, $0) }, next: next)
    }

    /// Some points of a series within steps, evenly chosen, by step; the first and the last are among them.
    package func sampledHistory(
        _ run: RunID, key: String, steps: ClosedRange<Int64>, limit: Int
    ) async throws(TrackingError) -> [MetricPoint] {
        try Self.check(limit: limit)
        return try await readers.read { db in
            guard let row = try RunTable.find(run, db), let series = try SeriesTable.find(key, of: row, db)
            else { return [] }
            let points = try HistoryQuery.sample(of: series.id, steps: steps, limit: limit, db)
            return points.map { MetricPoint(key, $0) }
        }
    }

    private static func check(limit: Int) throws(TrackingError) {
        guard (1...historyPageLimit).contains(limit) else {
            throw .invalid(field: "limit", problem: "\(limit) is not within 1 to \(historyPageLimit)")
        }
    }
}

extension MetricPoint {
    init(_ key: String, _ point: StoredPoint) {
        self.init(
            key: key, value: point.value, step: point.step,
            timestamp: Timestamp(milliseconds: point.timestamp))
    }
}
