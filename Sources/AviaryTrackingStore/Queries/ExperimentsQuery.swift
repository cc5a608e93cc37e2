import AviaryTracking
import GRDB

/// Lists the experiments that are not in the trash, each with the number of its runs that are not.
enum ExperimentsQuery {
    static func all(_ db: Database) throws -> [ExperimentSummary] {
        let count = try db.cachedStatement(
            sql: "SELECT count(*) FROM run WHERE experiment = ? AND deleted_at IS NULL")
        return try ExperimentTable.all("deleted_at IS NULL ORDER BY id", [], db).map { experiment in
            ExperimentSummary(
                experiment: experiment,
                runCount: try Int.fetchOne(count, arguments: [experiment.id]) ?? 0)
        }
    }
}
