import AviaryTracking
import GRDB

/// The greatest point of a series with the range of its finite values.
struct Latest {
    private(set) var point: StoredPoint
    private(set) var minimum: Double?
    private(set) var maximum: Double?
    /// Of the transaction that added points last.
    private(set) var revision: Int64
    /// Of the last one that added some before others: whoever saw the series since finds what is new at its end.
    private(set) var unorderedRevision: Int64

    init(_ point: StoredPoint, revision: Int64) {
        self.point = point
        self.revision = revision
        unorderedRevision = 0
        widen(point)
    }

    /// From `columns`, beginning at `index`.
    init(_ row: Row, at index: Int = 0) {
        point = StoredPoint(step: row[index], timestamp: row[index + 1], bits: row[index + 2])
        minimum = row[index + 3]
        maximum = row[index + 4]
        revision = row[index + 5]
        unorderedRevision = row[index + 6]
    }

    static let columns = "step, timestamp, bits, minimum, maximum, latest.revision, unordered_revision"

    var summary: MetricSummary {
        MetricSummary(
            last: point.value, step: point.step, timestamp: Timestamp(milliseconds: point.timestamp),
            minimum: minimum, maximum: maximum)
    }

    /// Takes in a point that was really inserted.
    mutating func take(_ new: StoredPoint, revision: Int64) {
        if point < new { point = new } else { unorderedRevision = revision }
        self.revision = revision
        widen(new)
    }

    /// Whether the order of steps and the order of times stay one order with this point.
    func risesTogether(with new: StoredPoint) -> Bool {
        new.step >= point.step && new.timestamp >= point.timestamp
    }

    private mutating func widen(_ point: StoredPoint) {
        let value = point.value
        guard value.isFinite else { return }
        minimum = Swift.min(minimum ?? value, value)
        maximum = Swift.max(maximum ?? value, value)
    }
}

enum LatestTable {
    static func find(_ series: Int64, _ db: Database) throws -> Latest? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(Latest.columns) FROM latest WHERE series = ?")
        return try Row.fetchOne(statement, arguments: [series]).map { Latest($0) }
    }

    static func set(_ latest: Latest, of series: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO latest
                    (series, step, timestamp, bits, minimum, maximum, revision, unordered_revision)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (series) DO UPDATE SET step = excluded.step, timestamp = excluded.timestamp,
                    bits = excluded.bits, minimum = excluded.minimum, maximum = excluded.maximum,
                    revision = excluded.revision, unordered_revision = excluded.unordered_revision
                """)
        let point = latest.point
        try statement.execute(
            arguments: [
                series, point.step, point.timestamp, point.bits, latest.minimum, latest.maximum,
                latest.revision, latest.unorderedRevision,
            ])
    }

    static func remove(_ series: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM latest WHERE series = ?").execute(arguments: [series])
    }

    /// Works out again what a series' points say, after some were removed; `nil` if none is left.
    static func recompute(_ series: Int64, revision: Int64, _ db: Database) throws -> Latest? {
        var latest: Latest?
        try PointTable.scan(
            "SELECT step, timestamp, bits FROM point WHERE series = ? ORDER BY step, timestamp, bits",
            [series], db
        ) { point in
            if latest == nil {
                latest = Latest(point, revision: revision)
            } else {
                latest?.take(point, revision: revision)
            }
            return true
        }
        return latest
    }

    static func summaries(of run: Int64, _ db: Database) throws -> [ExactKey: MetricSummary] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT key, \(Latest.columns)
                FROM series JOIN latest ON latest.series = series.id WHERE run = ?
                """)
        var summaries: [ExactKey: MetricSummary] = [:]
        for row in try Row.fetchAll(statement, arguments: [run]) {
            summaries[ExactKey(row[0])] = Latest(row, at: 1).summary
        }
        return summaries
    }
}
