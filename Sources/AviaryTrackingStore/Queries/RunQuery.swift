import AviaryTracking
import GRDB

/// Puts one run together, or the runs of one page.
enum RunQuery {
    static func run(_ id: RunID, now: Timestamp, _ db: Database) throws -> Run {
        try complete(RunTable.row(id, db), now: now, db)
    }

    /// The newest runs after the cursor, of one experiment or of all.
    static func page(
        experiment: String?, lifecycle: Lifecycle, limit: Int, cursor: RunCursor?, now: Timestamp,
        _ db: Database
    ) throws -> RunPage {
        let rows = try Self.rows(
            experiment: experiment, lifecycle: lifecycle, limit: limit + 1, cursor: cursor, db)
        let shown = rows.prefix(limit)
        let next = rows.count > limit ? shown.last.map { RunCursor(after: $0).text } : nil
        return RunPage(runs: try shown.map { try complete($0, now: now, db) }, next: next)
    }

    /// SQLite keeps the order of a `CROSS JOIN`: runs by their index, then the name of each one's experiment.
    private static func rows(
        experiment: String?, lifecycle: Lifecycle, limit: Int, cursor: RunCursor?, _ db: Database
    ) throws -> [RunRow] {
        let condition = lifecycle.condition(on: "run")
        let runs = "FROM run CROSS JOIN experiment ON experiment.id = run.experiment WHERE \(condition)"
        let start = cursor?.startTime ?? Int64.max
        let id = cursor?.id ?? Int64.max
        let order = "ORDER BY start_time DESC, run.id DESC LIMIT ?"
        let after = "(start_time, run.id) < (?, ?)"
        guard let experiment else {
            let statement = try db.cachedStatement(
                sql: "SELECT \(RunRow.columns) \(runs) AND \(after) \(order)")
            return try Row.fetchAll(statement, arguments: [start, id, limit]).map { try RunRow($0) }
        }
        let statement = try db.cachedStatement(
            sql: "SELECT \(RunRow.columns) \(runs) AND run.experiment = ? AND \(after) \(order)")
        var newest: [RunRow] = []
        // One after the other, each by the index: of all together SQLite would sort every run.
        for number in try ExperimentTable.numbers(named: experiment, ofRuns: lifecycle, db) {
            newest += try Row.fetchAll(statement, arguments: [number, start, id, limit]).map {
                try RunRow($0)
            }
            newest.sort { ($0.startTime, $0.id) > ($1.startTime, $1.id) }
            newest.removeLast(max(newest.count - limit, 0))
        }
        return newest
    }

    static func linked(
        _ row: RunRow, sharing known: KnownDatasets = KnownDatasets(), now: Timestamp, _ db: Database
    ) throws -> LinkedRun {
        LinkedRun(run: try complete(row, now: now, db), links: try RunLinks(of: row.id, sharing: known, db))
    }

    static func complete(_ row: RunRow, now: Timestamp, _ db: Database) throws -> Run {
        Run(
            id: row.uuid, name: row.name, experiment: row.experiment, experimentID: row.experimentID,
            user: row.user, status: row.status, isStale: row.isStale(at: now), startTime: row.startTime,
            endTime: row.endTime, isDeleted: row.isDeleted, artifactLocation: row.artifactLocation,
            params: try RunTable.params.all(of: row.id, db), tags: try TagTable.pairs.all(of: row.id, db),
            metrics: try LatestTable.summaries(of: row.id, db))
    }
}

/// The place of a run among the newest: its start and its number, as `1760000000000.17`.
struct RunCursor: Sendable {
    let startTime: Int64
    let id: Int64

    init(after row: RunRow) {
        startTime = row.startTime.milliseconds
        id = row.id
    }

    init(_ text: String) throws(TrackingError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let startTime = Int64(parts[0]), let id = Int64(parts[1]) else {
            throw .invalid(field: "cursor", problem: "'\(text)' is not one that this store gave")
        }
        self.startTime = startTime
        self.id = id
    }

    var text: String { "\(startTime).\(id)" }
}
