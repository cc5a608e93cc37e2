import AviaryTracking
import GRDB

/// Takes away the rows of what is in the trash for longer than it is kept.
///
/// A run may have millions of points: a transaction takes away a bounded number of rows, so that nobody who logs waits
/// for long, and the next one goes on.
struct TrashPurge {
    /// How many rows one transaction takes away, about.
    static let rowLimit = 10_000
    /// What stands around the points of a run, as its params and tags, counts as so many rows.
    private static let rowsOfAThing = 100
    /// Clients log to this experiment unless they name another: it stays, though its runs go.
    private static let defaultExperiment: Int64 = 0

    /// What went there before this moment goes.
    let moment: Timestamp
    let files: StoreFiles

    /// Takes away some rows; `nil` when there is nothing left to take.
    func step(_ db: Database) throws -> FreedTrash? {
        var freed = FreedTrash()
        var room = Self.rowLimit
        var isOver = true
        /// Whether all was taken away that may be much.
        func isEmptied(_ takeAway: (Int) throws -> Int) throws -> Bool {
            isOver = false
            let count = try takeAway(room)
            let isAll = count < room
            room -= count + Self.rowsOfAThing
            return isAll
        }
        while room > 0, let run = try nextRun(db) {
            try CondemnedTable.insert(.run, run.id, db)
            guard try isEmptied({ try Self.freePoints(of: run.id, atMost: $0, db) }) else { return freed }
            try freeRow(of: run, db)
            freed.runCount += 1
        }
        while room > 0, let model = try nextModel(db) {
            guard try isEmptied({ try Self.freePoints(ofModel: model.number, atMost: $0, db) }) else {
                return freed
            }
            try Self.freeRow(ofModel: model, db)
            freed.loggedModelCount += 1
        }
        while room > 0, let experiment = try nextExperiment(db) {
            guard try isEmptied({ try Self.freeDatasets(of: experiment.id, atMost: $0, db) }) else {
                return freed
            }
            try Self.freeRow(of: experiment, db)
            freed.experimentCount += 1
        }
        return isOver ? nil : freed
    }

    // MARK: - Runs

    /// A run that was begun, or the one that is in the trash for longest.
    private func nextRun(_ db: Database) throws -> RunRow? {
        if let id = try CondemnedTable.first(.run, db) { return try RunTable.row(id, db) }
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM run WHERE deleted_at < ? ORDER BY deleted_at LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [moment.milliseconds])
            .flatMap { try RunTable.row($0, db) }
    }

    /// How many points there were to take away, up to a limit.
    private static func freePoints(of run: Int64, atMost limit: Int, _ db: Database) throws -> Int {
        let count = try remove(
            """
            DELETE FROM point WHERE (series, step, timestamp, bits) IN (
                SELECT point.series, step, timestamp, bits
                FROM series JOIN point ON point.series = series.id WHERE series.run = ? LIMIT ?)
            """, [run, limit], db)
        guard count < limit else { return count }
        return try count
            + remove(
                """
                DELETE FROM logged_model_point WHERE (series, step, timestamp, bits) IN (
                    SELECT point.series, step, timestamp, bits
                    FROM logged_model_series AS series JOIN logged_model_point AS point ON point.series = series.id
                    WHERE series.run = ? LIMIT ?)
                """, [run, limit - count], db)
    }

    private func freeRow(of run: RunRow, _ db: Database) throws {
        // First, so that it is not forgotten if this transaction is the last thing that happens here.
        try files.removeCheckpoint(of: run.uuid)
        try CondemnedFolderTable.insert(ArtifactPlace.path(of: run), db)
        for sql in [
            "DELETE FROM latest WHERE series IN (SELECT id FROM series WHERE run = ?)",
            "DELETE FROM series WHERE run = ?",
            "DELETE FROM logged_model_series WHERE run = ?",
            "DELETE FROM run_dataset_tag WHERE run = ?",
            "DELETE FROM run_dataset WHERE run = ?",
            "DELETE FROM run_model WHERE run = ?",
            "DELETE FROM param WHERE run = ?",
            "DELETE FROM tag WHERE run = ?",
            "DELETE FROM run WHERE id = ?",
        ] { _ = try Self.remove(sql, [run.id], db) }
        try CondemnedTable.remove(.run, run.id, db)
    }

    // MARK: - Logged models

    private struct Model {
        let number: Int64
        let folder: String?
    }

    /// A model in the trash for longer than it is kept, or one of an experiment that goes.
    private func nextModel(_ db: Database) throws -> Model? {
        try condemnExperiments(db)
        let statement = try db.cachedStatement(
            sql: """
                SELECT logged_model.id, uuid, artifact_location
                FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
                WHERE logged_model.deleted_at < ?
                    OR experiment IN (SELECT id FROM condemned WHERE kind = 'experiment')
                LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: [moment.milliseconds]).map {
            let place = ArtifactPlace.ofLoggedModel($0[1], in: $0[2])
            return Model(number: $0[0], folder: ArtifactPlace.path(of: place))
        }
    }

    private static func freePoints(ofModel model: Int64, atMost limit: Int, _ db: Database) throws -> Int {
        try remove(
            """
            DELETE FROM logged_model_point WHERE (series, step, timestamp, bits) IN (
                SELECT point.series, step, timestamp, bits
                FROM logged_model_series AS series JOIN logged_model_point AS point ON point.series = series.id
                WHERE series.model = ? LIMIT ?)
            """, [model, limit], db)
    }

    private static func freeRow(ofModel model: Model, _ db: Database) throws {
        if let folder = model.folder { try CondemnedFolderTable.insert(folder, db) }
        for sql in [
            "DELETE FROM logged_model_series WHERE model = ?",
            "DELETE FROM logged_model_param WHERE model = ?",
            "DELETE FROM logged_model_tag WHERE model = ?",
            "DELETE FROM logged_model WHERE id = ?",
        ] { _ = try remove(sql, [model.number], db) }
    }

    // MARK: - Experiments

    /// An experiment goes once all its runs are gone; one that somebody took back out of the trash holds it.
    private func condemnExperiments(_ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO condemned (kind, id)
                SELECT 'experiment', id FROM experiment
                WHERE deleted_at < ? AND id <> ? AND NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)
                """
        ).execute(arguments: [moment.milliseconds, Self.defaultExperiment])
    }

    private func nextExperiment(_ db: Database) throws -> Experiment? {
        try condemnExperiments(db)
        return try CondemnedTable.first(.experiment, db).map { try ExperimentTable.get($0, db) }
    }

    private static func freeDatasets(
        of experiment: Int64, atMost limit: Int, _ db: Database
    ) throws -> Int {
        try remove(
            "DELETE FROM dataset WHERE id IN (SELECT id FROM dataset WHERE experiment = ? LIMIT ?)",
            [experiment, limit], db)
    }

    private static func freeRow(of experiment: Experiment, _ db: Database) throws {
        if let folder = ArtifactPlace.path(of: experiment.artifactLocation) {
            try CondemnedFolderTable.insert(folder, db)
        }
        _ = try remove("DELETE FROM experiment WHERE id = ?", [experiment.id], db)  // its tags go along
        try CondemnedTable.remove(.experiment, experiment.id, db)
    }

    private static func remove(_ sql: String, _ values: StatementArguments, _ db: Database) throws -> Int {
        try db.cachedStatement(sql: sql).execute(arguments: values)
        return db.changesCount
    }
}
