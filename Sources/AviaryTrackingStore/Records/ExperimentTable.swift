import AviaryTracking
import GRDB

enum ExperimentTable {
    /// The experiment of that name, if there is one.
    static func find(_ name: String, _ db: Database) throws -> Experiment? {
        let statement = try db.cachedStatement(
            sql: "SELECT id, name, created_at FROM experiment WHERE name = ?")
        return try Row.fetchOne(statement, arguments: [name]).map(experiment)
    }

    /// The experiment of that name, made if it is missing.
    static func findOrMake(_ name: String, at time: Timestamp, _ db: Database) throws -> Experiment {
        if let found = try find(name, db) { return found }
        try db.cachedStatement(sql: "INSERT INTO experiment (name, created_at) VALUES (?, ?)")
            .execute(arguments: [name, time.milliseconds])
        return Experiment(id: db.lastInsertedRowID, name: name, createdAt: time)
    }

    /// From the columns id, name, created_at.
    static func experiment(_ row: Row) -> Experiment {
        Experiment(id: row[0], name: row[1], createdAt: Timestamp(milliseconds: row[2]))
    }
}
