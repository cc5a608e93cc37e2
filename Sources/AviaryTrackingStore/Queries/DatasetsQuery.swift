import AviaryTracking
import GRDB

/// Lists the data sets that runs of some experiments read, and what they read them for.
enum DatasetsQuery {
    static func all(in experiments: [Int64], limit: Int, _ db: Database) throws -> [DatasetUse] {
        let query: SQL = """
            SELECT DISTINCT dataset.experiment, dataset.name, dataset.digest, context.value
            FROM dataset JOIN run_dataset ON run_dataset.dataset = dataset.id
            LEFT JOIN run_dataset_tag AS context ON context.run = run_dataset.run
                AND context.dataset = dataset.id AND context.key = \(DatasetUse.contextKey)
            WHERE dataset.experiment IN \(experiments) ORDER BY 1, 2, 3, 4 LIMIT \(limit)
            """
        return try SQLRequest<Row>(literal: query).fetchAll(db).map { row in
            DatasetUse(experiment: row[0], name: row[1], digest: row[2], context: row[3])
        }
    }
}
