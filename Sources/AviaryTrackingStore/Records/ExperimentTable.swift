import AviaryTracking
import GRDB

enum ExperimentTable {
    static let tags = PairTable(name: "experiment_tag", owner: "experiment")

    private static let columns = "id, name, artifact_location, created_at, updated_at, deleted_at"

    /// The experiment of that name that is not in the trash, if there is one.
    static func find(_ name: String, _ db: Database) throws -> Experiment? {
        try first("name = ? AND deleted_at IS NULL", [name], db)
    }

    /// The experiment of that name; of those in the trash the one that went there last, if none else has it.
    static func findAnywhere(_ name: String, _ db: Database) throws -> Experiment? {
        try first("name = ? ORDER BY deleted_at IS NULL DESC, deleted_at DESC, id DESC", [name], db)
    }

    /// The numbers of all experiments of that name in which there may be such runs; throws if there are none.
    ///
    /// A run in the trash may be of an experiment that is not there. Of those in the trash several may have one name.
    static func numbers(named name: String, ofRuns lifecycle: Lifecycle, _ db: Database) throws -> [Int64] {
        let condition = lifecycle == .active ? lifecycle.condition(on: "experiment") : "1"
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM experiment WHERE name = ? AND \(condition) ORDER BY id")
        let numbers = try Int64.fetchAll(statement, arguments: [name])
        guard !numbers.isEmpty else { throw TrackingError.experimentNotFound(name) }
        return numbers
    }

    static func find(_ id: Int64, _ db: Database) throws -> Experiment? {
        try first("id = ?", [id], db)
    }

    /// The experiment of that number; throws if there is none.
    static func get(_ id: Int64, _ db: Database) throws -> Experiment {
        guard let found = try find(id, db) else { throw TrackingError.experimentNumberNotFound(id) }
        return found
    }

    /// The same, refused where it is in the trash.
    static func active(_ id: Int64, _ db: Database) throws -> Experiment {
        let found = try get(id, db)
        guard !found.isDeleted else { throw TrackingError.deleted(.experiment, id: String(id)) }
        return found
    }

    /// The same, in the trash or not, unless a part of it is freed.
    static func restorable(_ id: Int64, _ db: Database) throws -> Experiment {
        guard try !CondemnedTable.contains(.experiment, id, db) else {
            throw TrackingError.experimentNumberNotFound(id)
        }
        return try get(id, db)
    }

    /// The experiment of that name, made if it is missing.
    static func findOrMake(_ name: String, at time: Timestamp, _ db: Database) throws -> Experiment {
        if let found = try find(name, db) { return found }
        return try make(NewExperiment(name: name), at: time, db)
    }

    static func make(_ new: NewExperiment, at time: Timestamp, _ db: Database) throws -> Experiment {
        try db.cachedStatement(
            sql: """
                INSERT INTO experiment (name, artifact_location, created_at, updated_at) VALUES (?, ?, ?, ?)
                """
        ).execute(
            arguments: [new.name, new.artifactLocation ?? "?", time.milliseconds, time.milliseconds])
        let id = db.lastInsertedRowID
        if new.artifactLocation == nil {
            try db.cachedStatement(sql: "UPDATE experiment SET artifact_location = ? WHERE id = ?")
                .execute(arguments: [ArtifactPlace.ofExperiment(id), id])
        }
        try tags.set(new.tags, of: id, db)
        return try get(id, db)
    }

    /// Throws where an experiment has this name.
    static func refuse(_ name: String, reservingTrashed: Bool, _ db: Database) throws {
        guard let known = try reservingTrashed ? findAnywhere(name, db) : find(name, db) else { return }
        throw TrackingError.experimentExists(name, isDeleted: known.isDeleted)
    }

    static func rename(_ id: Int64, _ name: String, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE experiment SET name = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [name, time.milliseconds, id])
    }

    static func setDeleted(_ isDeleted: Bool, _ id: Int64, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE experiment SET deleted_at = ?, updated_at = ? WHERE id = ?")
            .execute(arguments: [isDeleted ? time.milliseconds : nil, time.milliseconds, id])
    }

    /// When it went into the trash; `nil` where it is not there.
    static func deletedAt(_ id: Int64, _ db: Database) throws -> Timestamp? {
        let statement = try db.cachedStatement(sql: "SELECT deleted_at FROM experiment WHERE id = ?")
        return try Int64.fetchOne(statement, arguments: [id]).map { Timestamp(milliseconds: $0) }
    }

    private static func first(
        _ condition: String, _ arguments: StatementArguments, _ db: Database
    ) throws -> Experiment? {
        let sql = "SELECT \(columns) FROM experiment WHERE \(condition) LIMIT 1"
        return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).map {
            try experiment($0, db)
        }
    }

    /// From `columns`.
    private static func experiment(_ row: Row, _ db: Database) throws -> Experiment {
        let deletedAt: Int64? = row[5]
        return Experiment(
            id: row[0], name: row[1], artifactLocation: row[2],
            createdAt: Timestamp(milliseconds: row[3]), updatedAt: Timestamp(milliseconds: row[4]),
            isDeleted: deletedAt != nil, tags: try tags.all(of: row[0], db))
    }
}
