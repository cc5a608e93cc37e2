import AviaryTracking
import GRDB

/// Reads all points of a series.
///
/// Read in pages, each a transaction of its own: a reader that stays keeps the write-ahead log from shrinking.
enum HistoryQuery {
    static let pageSize = 25_000

    /// The points after `last` by step, then time, then value.
    static func page(of series: Int64, after last: StoredPoint?, _ db: Database) throws -> [StoredPoint] {
        var points: [StoredPoint] = []
        let collect: (StoredPoint) -> Bool = { point in
            points.append(point)
            return points.count < pageSize
        }
        if let last {
            try PointTable.scan(
                """
                SELECT step, timestamp, bits FROM point
                WHERE series = ? AND (step, timestamp, bits) > (?, ?, ?) ORDER BY step, timestamp, bits
                """, [series, last.step, last.timestamp, last.bits], db, collect)
        } else {
            try PointTable.scan(
                "SELECT step, timestamp, bits FROM point WHERE series = ? ORDER BY step, timestamp, bits",
                [series], db, collect)
        }
        return points
    }
}

/// Finds the last step of each series of a run.
enum LastStepsQuery {
    static func all(of run: Int64, _ db: Database) throws -> [String: Int64] {
        try LatestTable.summaries(of: run, db).mapValues(\.step)
    }
}
