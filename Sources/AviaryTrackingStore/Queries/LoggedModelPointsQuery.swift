import AviaryTracking
import GRDB

/// Reads the points of a logged model, a series after another.
enum LoggedModelPointsQuery {
    static func page(
        _ id: String, after cursor: LoggedModelPointCursor?, limit: Int, _ db: Database
    ) throws -> LoggedModelPointPage {
        let number = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM logged_model WHERE uuid = ?"), arguments: [id])
        guard let number else { return LoggedModelPointPage(points: [], next: nil) }
        var found: [LoggedModelPoint] = []
        var last: LoggedModelPointCursor?
        for series in try LoggedModelSeriesTable.all(of: number, from: cursor?.series ?? .min, db) {
            let start = series.id == cursor?.series ? cursor?.point : nil
            let left = limit - found.count
            let points = try LoggedModelSeriesTable.page(of: series.id, after: start, limit: left + 1, db)
            let taken = points.prefix(left)
            found += taken.map { series.point($0) }
            if let point = taken.last { last = LoggedModelPointCursor(series: series.id, point: point) }
            guard points.count <= left else { return LoggedModelPointPage(points: found, next: last) }
        }
        return LoggedModelPointPage(points: found, next: nil)
    }
}
