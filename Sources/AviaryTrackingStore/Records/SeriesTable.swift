import AviaryTracking
import GRDB

/// One metric of one run.
struct SeriesRow {
    let id: Int64
    let key: String
    let risesTogether: Bool

    /// From the columns id, key, rises_together.
    init(_ row: Row) {
        id = row[0]
        key = row[1]
        risesTogether = row[2]
    }
}

enum SeriesTable {
    static func find(_ key: String, of run: Int64, _ db: Database) throws -> SeriesRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT id, key, rises_together FROM series WHERE run = ? AND key = ?")
        return try Row.fetchOne(statement, arguments: [run, key]).map { SeriesRow($0) }
    }

    static func all(of run: Int64, _ db: Database) throws -> [SeriesRow] {
        let statement = try db.cachedStatement(
            sql: "SELECT id, key, rises_together FROM series WHERE run = ? ORDER BY key")
        return try Row.fetchAll(statement, arguments: [run]).map { SeriesRow($0) }
    }

    /// Adds points to the series they name, which are made if missing.
    static func add(_ points: [MetricPoint], to run: Int64, _ transaction: WriteTransaction) throws {
        for (key, points) in Dictionary(grouping: points, by: { ExactKey($0.key) }) {
            try add(points.map { StoredPoint($0) }, key: key.text, to: run, transaction)
        }
    }

    /// Removes the points after each series' last step, and the series that are not named.
    static func cut(
        _ run: Int64, after lastSteps: [ExactKey: Int64], _ transaction: WriteTransaction
    ) throws {
        let db = transaction.database
        for series in try all(of: run, db) {
            let count = try PointTable.remove(after: lastSteps[series.key], from: series.id, db)
            guard count > 0 || lastSteps[series.key] == nil else { continue }
            try RunTable.noteCut(run, transaction)
            if let latest = try LatestTable.recompute(series.id, revision: transaction.revision, db) {
                try LatestTable.set(latest, of: series.id, db)
            } else {
                try LatestTable.remove(series.id, db)
                try db.cachedStatement(sql: "DELETE FROM series WHERE id = ?")
                    .execute(arguments: [series.id])
            }
        }
    }

    private static func add(
        _ points: [StoredPoint], key: String, to run: Int64, _ transaction: WriteTransaction
    ) throws {
        let db = transaction.database
        let series = try find(key, of: run, db)
        let id = try series?.id ?? make(key, of: run, db)
        var latest = try LatestTable.find(id, db)
        var risesTogether = series?.risesTogether ?? true
        let inserted = try PointTable.insert(points, into: id, revision: transaction.revision, db)
        for point in inserted {
            guard let before = latest else {
                latest = Latest(point, revision: transaction.revision)
                continue
            }
            risesTogether = risesTogether && before.risesTogether(with: point)
            latest?.take(point, revision: transaction.revision)
        }
        guard !inserted.isEmpty, let latest else { return }
        try LatestTable.set(latest, of: id, db)
        if !risesTogether, series?.risesTogether ?? true {
            try db.cachedStatement(sql: "UPDATE series SET rises_together = 0 WHERE id = ?")
                .execute(arguments: [id])
        }
    }

    private static func make(_ key: String, of run: Int64, _ db: Database) throws -> Int64 {
        try db.cachedStatement(sql: "INSERT INTO series (run, key) VALUES (?, ?)")
            .execute(arguments: [run, key])
        return db.lastInsertedRowID
    }
}
