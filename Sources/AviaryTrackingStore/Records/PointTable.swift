import AviaryTracking
import CAviarySQLite
import GRDB

/// A point as the table has it: ordered by step, then time, then value.
struct StoredPoint: Comparable {
    let step: Int64
    let timestamp: Int64
    let bits: Int64

    var value: Double { OrderedBits.value(of: bits) }

    init(step: Int64, timestamp: Int64, bits: Int64) {
        self.step = step
        self.timestamp = timestamp
        self.bits = bits
    }

    init(_ point: MetricPoint) {
        step = point.step
        timestamp = point.timestamp.milliseconds
        bits = OrderedBits.image(of: point.value)
    }

    init(_ row: AviaryPointRow) {
        step = row.step
        timestamp = row.timestamp
        bits = row.bits
    }

    static func < (left: Self, right: Self) -> Bool {
        (left.step, left.timestamp, left.bits) < (right.step, right.timestamp, right.bits)
    }

    /// The order of the axis of time: by time, then step, then value.
    static func isEarlier(_ left: Self, _ right: Self) -> Bool {
        (left.timestamp, left.step, left.bits) < (right.timestamp, right.step, right.bits)
    }
}

enum PointTable {
    /// Inserts points by hand-bound statement: GRDB's arguments cost more than half of the rate.
    ///
    /// Returns those that were not there before.
    static func insert(
        _ points: [StoredPoint], into series: Int64, revision: Int64, _ db: Database
    ) throws -> [StoredPoint] {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO point (series, step, timestamp, bits, revision) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """)
        let code = aviary_sqlite_bind_integer(statement.sqliteStatement, 5, revision)
        guard code == 0 else { throw failure(code, db) }
        return try insert(points, into: series, statement, db)
    }

    /// The same of a statement whose first four parameters are series, step, timestamp and bits.
    static func insert(
        _ points: [StoredPoint], into series: Int64, _ statement: Statement, _ db: Database
    ) throws -> [StoredPoint] {
        var inserted: [StoredPoint] = []
        inserted.reserveCapacity(points.count)
        for point in points {
            let row = AviaryPointRow(step: point.step, timestamp: point.timestamp, bits: point.bits)
            let count = aviary_sqlite_insert_point(statement.sqliteStatement, series, row)
            guard count >= 0 else { throw failure(-count, db) }
            if count > 0 { inserted.append(point) }
        }
        return inserted
    }

    /// Gives each row of `SELECT step, timestamp, bits …` to `body`, until that returns `false`.
    static func scan(
        _ sql: String, _ values: [Int64], _ db: Database, _ body: (StoredPoint) throws -> Bool
    ) throws {
        let statement = try db.cachedStatement(sql: sql).sqliteStatement
        let code = aviary_sqlite_bind_integers(statement, values, Int32(values.count))
        guard code == 0 else { throw failure(code, db) }
        defer { aviary_sqlite_reset(statement) }
        var row = AviaryPointRow()
        while true {
            let count = aviary_sqlite_next_point(statement, &row)
            guard count >= 0 else { throw failure(-count, db) }
            guard count > 0, try body(StoredPoint(row)) else { return }
        }
    }

    /// How many points a series has, counted no further than a limit.
    static func count(of series: Int64, upTo limit: Int, _ db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM (SELECT 1 FROM point WHERE series = ? LIMIT ?)")
        return try Int.fetchOne(statement, arguments: [series, limit]) ?? 0
    }

    /// The first point of a series, if it has one.
    static func first(of series: Int64, _ db: Database) throws -> StoredPoint? {
        try one(
            """
            SELECT step, timestamp, bits FROM point WHERE series = ?
            ORDER BY step, timestamp, bits LIMIT 1
            """, series, db)
    }

    /// The last point of a series, if it has one.
    static func last(of series: Int64, _ db: Database) throws -> StoredPoint? {
        try one(
            """
            SELECT step, timestamp, bits FROM point WHERE series = ?
            ORDER BY step DESC, timestamp DESC, bits DESC LIMIT 1
            """, series, db)
    }

    /// Removes the points after `step`, or all of them; returns how many.
    static func remove(
        after step: Int64?, from series: Int64, table: String = "point", _ db: Database
    ) throws -> Int {
        if let step {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE series = ? AND step > ?")
                .execute(arguments: [series, step])
        } else {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE series = ?").execute(arguments: [series])
        }
        return db.changesCount
    }

    private static func one(_ sql: String, _ series: Int64, _ db: Database) throws -> StoredPoint? {
        var found: StoredPoint?
        try scan(sql, [series], db) { point in
            found = point
            return false
        }
        return found
    }

    private static func failure(_ code: Int32, _ db: Database) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: db.lastErrorMessage)
    }
}
