import AviaryTracking
import GRDB

/// Finds the points that were added to runs since a revision.
struct NewPointsQuery {
    private let revision: Int64
    private let db: Database
    /// How many new points may still be told.
    private var left: Int
    /// How many points may still be looked at that may be old.
    private var scanLeft: Int

    /// Looks at a run's series only if points were added to it, and at a series' end only, unless some were added
    /// before others: then at all of it, if all such series together have no more points than `scanLimit`.
    static func points(
        of runs: [RunID], since revision: Int64, limit: Int, scanLimit: Int, _ db: Database
    ) throws -> NewPoints {
        var query = NewPointsQuery(revision: revision, db: db, left: limit, scanLeft: scanLimit)
        var found: [NewPoint] = []
        var reset: [RunID] = []
        for run in runs {
            guard let row = try RunTable.find(run, db) else { continue }  // gone for good
            let revisions = try RunTable.revisions(of: row, db)
            guard revisions.changed > revision else { continue }
            let new = revisions.cut > revision ? nil : try query.points(of: row, run)
            if let new { found += new } else { reset.append(run) }
        }
        found.sort { $0.revision < $1.revision }
        return NewPoints(revision: try RevisionTable.current(db), points: found, reset: reset)
    }

    /// The points of a run by series; `nil` if there are too many.
    private mutating func points(of row: Int64, _ run: RunID) throws -> [NewPoint]? {
        var found: [NewPoint] = []
        for series in try ChangedSeries.all(of: row, since: revision, db) {
            if !series.isOrdered {
                let count = try PointTable.count(of: series.id, upTo: scanLeft + 1, db)
                guard count <= scanLeft else { return nil }
                scanLeft -= count
            }
            let isComplete = try series.scan(since: revision, db) { point, revision in
                found.append(NewPoint(run: run, point: MetricPoint(series.key, point), revision: revision))
                return found.count <= left
            }
            guard isComplete else { return nil }
        }
        left -= found.count
        return found
    }
}

/// A series to which points were added.
private struct ChangedSeries {
    let id: Int64
    let key: String
    /// Whether the new points are its last ones.
    let isOrdered: Bool

    static func all(of run: Int64, since revision: Int64, _ db: Database) throws -> [ChangedSeries] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT series.id, key, unordered_revision FROM series JOIN latest ON latest.series = series.id
                WHERE series.run = ? AND latest.revision > ? ORDER BY series.id
                """)
        return try Row.fetchAll(statement, arguments: [run, revision]).map { row in
            let unordered: Int64 = row[2]
            return ChangedSeries(id: row[0], key: row[1], isOrdered: unordered <= revision)
        }
    }

    /// Gives each new point, in no order, to `body` until that returns `false`; whether it never did.
    func scan(
        since revision: Int64, _ db: Database, _ body: (StoredPoint, Int64) throws -> Bool
    ) throws -> Bool {
        let columns = "SELECT step, timestamp, bits, revision FROM point WHERE series = ?"
        let sql =
            isOrdered
            ? "\(columns) ORDER BY step DESC, timestamp DESC, bits DESC" : "\(columns) AND revision > ?"
        let arguments: StatementArguments = isOrdered ? [id] : [id, revision]
        let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            let written: Int64 = row[3]
            guard written > revision else { break }  // the ones before are older still
            let point = StoredPoint(step: row[0], timestamp: row[1], bits: row[2])
            guard try body(point, written) else { return false }
        }
        return true
    }
}
