import AviaryTracking
import GRDB

/// Counts the runs of an experiment that are not in the trash.
enum RunCountQuery {
    static func summary(_ experiment: Experiment, _ db: Database) throws -> ExperimentSummary {
        let count = try db.cachedStatement(
            sql: "SELECT count(*) FROM run WHERE experiment = ? AND deleted_at IS NULL")
        return ExperimentSummary(
            experiment: experiment, runCount: try Int.fetchOne(count, arguments: [experiment.id]) ?? 0)
    }
}
