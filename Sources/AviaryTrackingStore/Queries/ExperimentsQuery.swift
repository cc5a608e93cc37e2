import AviaryTracking
import GRDB

/// Lists the experiments, each with the number of its runs.
enum ExperimentsQuery {
    static func all(_ db: Database) throws -> [ExperimentSummary] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id, name, created_at, (SELECT count(*) FROM run WHERE run.experiment = experiment.id)
                FROM experiment ORDER BY id
                """)
        return try Row.fetchAll(statement).map { row in
            ExperimentSummary(experiment: ExperimentTable.experiment(row), runCount: row[3])
        }
    }
}
