import AviaryTracking
import GRDB

/// The metrics of runs that were measured of a logged model, and their points.
enum LoggedModelSeriesTable {
    private static let points = "logged_model_point"

    /// Adds points of a run; those that are there already are ignored.
    ///
    /// - Throws: `TrackingError.loggedModelNotFound` if one names a model that is not there.
    static func add(_ links: [PointLink], of run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO \(points) (series, step, timestamp, bits) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        for group in Self.groups(links) {
            let points = group.map { StoredPoint($0.point) }
            let series = try findOrMake(group[0], of: run, last: points[0], db)
            let inserted = try PointTable.insert(points, into: series.id, statement, db)
            guard let last = inserted.max(by: StoredPoint.isEarlier),
                StoredPoint.isEarlier(series.last, last)
            else { continue }
            try setLast(last, of: series.id, db)
        }
    }

    /// Removes the points of a run after each metric's last step, and all of metrics that are not named.
    static func cut(_ run: Int64, after lastSteps: [ExactKey: Int64], _ db: Database) throws {
        let all = try db.cachedStatement(sql: "SELECT id, key FROM logged_model_series WHERE run = ?")
        for row in try Row.fetchAll(all, arguments: [run]) {
            let id: Int64 = row[0]
            let key: String = row[1]
            guard try PointTable.remove(after: lastSteps[key], from: id, table: points, db) > 0 else {
                continue
            }
            if let last = try latest(of: id, db) {
                try setLast(last, of: id, db)
            } else {
                try db.cachedStatement(sql: "DELETE FROM logged_model_series WHERE id = ?")
                    .execute(arguments: [id])
            }
        }
    }

    /// The series of a model from this one on, in the order in which they became known.
    static func all(of model: Int64, from first: Int64, _ db: Database) throws -> [LoggedModelSeries] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT series.id, key, dataset_name, dataset_digest, uuid
                FROM logged_model_series AS series JOIN run ON run.id = series.run
                WHERE model = ? AND series.id >= ? ORDER BY series.id
                """)
        return try Row.fetchAll(statement, arguments: [model, first]).map { try LoggedModelSeries($0) }
    }

    /// The last point of each metric of a model, by key, data set and run.
    static func lastPoints(of model: String, _ db: Database) throws -> [LoggedModelPoint] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT series.id, key, dataset_name, dataset_digest, run.uuid, last_step, last_timestamp, last_bits
                FROM logged_model JOIN logged_model_series AS series ON series.model = logged_model.id
                    JOIN run ON run.id = series.run
                WHERE logged_model.uuid = ? ORDER BY key, dataset_name, dataset_digest, series.id
                """)
        return try Row.fetchAll(statement, arguments: [model]).map { row in
            let last = StoredPoint(step: row[5], timestamp: row[6], bits: row[7])
            return try LoggedModelSeries(row).point(last)
        }
    }

    /// The points of a series after one of them, by step, then time, then value.
    static func page(
        of series: Int64, after last: StoredPoint?, limit: Int, _ db: Database
    ) throws -> [StoredPoint] {
        let isLater = last == nil ? "" : "AND (step, timestamp, bits) > (?, ?, ?)"
        var values = [series]
        if let last { values += [last.step, last.timestamp, last.bits] }
        var found: [StoredPoint] = []
        try PointTable.scan(
            """
            SELECT step, timestamp, bits FROM \(points) WHERE series = ? \(isLater)
            ORDER BY step, timestamp, bits LIMIT ?
            """, values + [Int64(limit)], db
        ) { point in
            found.append(point)
            return true
        }
        return found
    }

    /// Links of one series each, in the order in which these are named first.
    private static func groups(_ links: [PointLink]) -> [[PointLink]] {
        // By bytes: Swift's own equality takes texts for equal that have the same letters in other bytes.
        let groups = Dictionary(grouping: links.enumerated()) { link in
            let (link, point) = (link.element, link.element.point)
            return [link.model, point.key, link.datasetName, link.datasetDigest].map { Array($0.utf8) }
        }
        return groups.values.sorted { $0[0].offset < $1[0].offset }.map { $0.map(\.element) }
    }

    private static func findOrMake(
        _ link: PointLink, of run: Int64, last: StoredPoint, _ db: Database
    ) throws -> (id: Int64, last: StoredPoint) {
        let model = try LoggedModelTable.number(link.model, db)
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, last_step, last_timestamp, last_bits FROM logged_model_series
                WHERE model = ? AND key = ? AND dataset_name = ? AND dataset_digest = ? AND run = ?
                """)
        let row = try Row.fetchOne(
            statement, arguments: [model, link.point.key, link.datasetName, link.datasetDigest, run])
        guard let row else { return try make(link, of: model, run, last: last, db) }
        return (row[0], StoredPoint(step: row[1], timestamp: row[2], bits: row[3]))
    }

    private static func make(
        _ link: PointLink, of model: Int64, _ run: Int64, last: StoredPoint, _ db: Database
    ) throws -> (id: Int64, last: StoredPoint) {
        try db.cachedStatement(
            sql: """
                INSERT INTO logged_model_series
                    (model, key, dataset_name, dataset_digest, run, last_step, last_timestamp, last_bits)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                model, link.point.key, link.datasetName, link.datasetDigest, run, last.step, last.timestamp,
                last.bits,
            ])
        return (db.lastInsertedRowID, last)
    }

    private static func setLast(_ point: StoredPoint, of series: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE logged_model_series SET last_step = ?, last_timestamp = ?, last_bits = ? WHERE id = ?
                """
        ).execute(arguments: [point.step, point.timestamp, point.bits, series])
    }

    private static func latest(of series: Int64, _ db: Database) throws -> StoredPoint? {
        var latest: StoredPoint?
        try PointTable.scan(
            """
            SELECT step, timestamp, bits FROM \(points) WHERE series = ?
            ORDER BY timestamp DESC, step DESC, bits DESC LIMIT 1
            """, [series], db
        ) { point in
            latest = point
            return false
        }
        return latest
    }
}

/// A metric of a run that was measured of a logged model.
struct LoggedModelSeries {
    let id: Int64
    let key: String
    let datasetName: String
    let datasetDigest: String
    let run: RunID

    /// From the columns id, key, dataset_name, dataset_digest, uuid.
    init(_ row: Row) throws {
        let text: String = row[4]
        guard let run = RunID(text) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a run has the id '\(text)'")
        }
        (id, key, datasetName, datasetDigest) = (row[0], row[1], row[2], row[3])
        self.run = run
    }

    func point(_ stored: StoredPoint) -> LoggedModelPoint {
        LoggedModelPoint(
            MetricPoint(key, stored), of: run, datasetName: datasetName, datasetDigest: datasetDigest)
    }
}
