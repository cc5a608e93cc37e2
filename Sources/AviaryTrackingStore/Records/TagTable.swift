import AviaryTracking
import GRDB

/// The tags of runs.
enum TagTable {
    /// The tag that clients of MLflow set for a run's name; it is never kept beside the name itself.
    static let runName = "mlflow.runName"

    /// To read and remove; what is written goes through `set`.
    static let pairs = PairTable(name: "tag", owner: "run")

    /// Sets tags; a later one replaces an earlier one of the same key, and that of the name renames the run.
    static func set(_ tags: [ExactKey: String], of run: Int64, _ db: Database) throws {
        try pairs.set(tags.filter { $0.key.text != runName }, of: run, db)
        if let name = tags[runName], !name.isEmpty { try RunTable.setName(name, of: run, db) }
    }
}
