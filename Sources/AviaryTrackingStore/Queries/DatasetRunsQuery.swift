import AviarySearchGrammar
import GRDB

/// Finds the runs that used a data set of which something is said.
enum DatasetRunsQuery {
    /// The numbers of runs, of which one may stand there several times.
    static func runs(_ text: DatasetText, _ test: TextTest, _ db: Database) throws -> [Int64] {
        let query: SQL =
            switch text {
            case .name: ofDatasets("dataset.name", test)
            case .digest: ofDatasets("dataset.digest", test)
            case .context:
                """
                SELECT run FROM run_dataset_tag WHERE key = \(DatasetUse.contextKey)
                    AND \(test.condition(on: "run_dataset_tag.value"))
                """
            }
        return try SQLRequest<Int64>(literal: query).fetchAll(db)
    }

    private static func ofDatasets(_ column: SQL, _ test: TextTest) -> SQL {
        """
        SELECT run_dataset.run FROM dataset CROSS JOIN run_dataset ON run_dataset.dataset = dataset.id
        WHERE \(test.condition(on: column))
        """
    }
}
