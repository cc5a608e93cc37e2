import AviaryTracking
import GRDB

/// Lists experiments, each with the number of its runs that are not in the trash.
enum ExperimentsQuery {
    static func all(_ lifecycle: Lifecycle, _ db: Database) throws -> [ExperimentSummary] {
        try ExperimentTable.all("\(lifecycle.condition(on: "experiment")) ORDER BY id", [], db).map {
            try summary($0, db)
        }
    }

    static func summary(_ experiment: Experiment, _ db: Database) throws -> ExperimentSummary {
        let count = try db.cachedStatement(
            sql: "SELECT count(*) FROM run WHERE experiment = ? AND deleted_at IS NULL")
        return ExperimentSummary(
            experiment: experiment, runCount: try Int.fetchOne(count, arguments: [experiment.id]) ?? 0)
    }
}
