import AviaryTracking
import GRDB

/// Takes away the rows of what is in the trash for longer than it is kept.
///
/// A run may have millions of points: a transaction takes away a bounded number of rows, so that nobody who logs waits
/// for long, and the next one goes on. What it begins with is condemned first, and does not come back.
struct TrashPurge {
    /// How many rows one transaction takes away, about.
    static let rowLimit = 10_000
    /// What stands around the points of a run, as its params and tags, counts as so many rows.
    private static let rowsOfAThing = 100
    private static let runsAtOnce = 200
    /// Clients log to this experiment unless they name another: it stays, though its runs and models go.
    private static let defaultExperiment: Int64 = 0
    /// Of an experiment that is in the trash for long enough, none of whose runs is kept longer.
    private static let isOver = """
        experiment.deleted_at < ?1 AND NOT EXISTS (
            SELECT 1 FROM run WHERE run.experiment = experiment.id AND ifnull(run.deleted_at >= ?1, 1))
        """

    /// What went there before this moment goes.
    let moment: Timestamp

    /// How much one transaction has taken away, and may take yet.
    private struct Account {
        var freed = FreedTrash()
        var room = TrashPurge.rowLimit
        var isOver = true

        /// Whether all was taken away that may be much.
        mutating func isEmptied(_ takeAway: (Int) throws -> Int) throws -> Bool {
            isOver = false
            let count = try takeAway(room)
            let isAll = count < room
            room -= count + TrashPurge.rowsOfAThing
            return isAll
        }
    }

    private static func remove(_ sql: String, _ values: StatementArguments, _ db: Database) throws -> Int {
        try db.cachedStatement(sql: sql).execute(arguments: values)
        return db.changesCount
    }
}

// MARK: - Runs

extension TrashPurge {
    /// Some runs that go: those that were begun with, and those that are in the trash for longest.
    func condemnRuns(_ db: Database) throws -> [RunID] {
        try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO condemned (kind, id)
                SELECT 'run', id FROM run WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?
                """
        ).execute(arguments: [moment.milliseconds, Self.runsAtOnce])
        let statement = try db.cachedStatement(
            sql: "SELECT uuid FROM condemned JOIN run ON run.id = condemned.id WHERE kind = 'run'")
        return try String.fetchAll(statement).compactMap { RunID($0) }
    }

    /// Takes away some rows of condemned runs; `nil` when there are none.
    func freeRuns(_ db: Database) throws -> FreedTrash? {
        var account = Account()
        while account.room > 0, let id = try CondemnedTable.first(.run, db) {
            guard try account.isEmptied({ try Self.freePoints(of: id, atMost: $0, db) }) else { break }
            try Self.freeRow(ofRun: id, db)
            account.freed.runCount += 1
        }
        return account.isOver ? nil : account.freed
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
        return try count + freeModelPoints("run", run, atMost: limit - count, db)
    }

    private static func freeModelPoints(
        _ owner: String, _ id: Int64, atMost limit: Int, _ db: Database
    ) throws -> Int {
        try remove(
            """
            DELETE FROM logged_model_point WHERE (series, step, timestamp, bits) IN (
                SELECT point.series, step, timestamp, bits
                FROM logged_model_series AS series JOIN logged_model_point AS point ON point.series = series.id
                WHERE series.\(owner) = ? LIMIT ?)
            """, [id, limit], db)
    }

    private static func freeRow(ofRun id: Int64, _ db: Database) throws {
        if let run = try RunTable.row(id, db) {
            try ModelVersionTable.moveFiles(of: run, db)
            try CondemnedFolderTable.insert(ArtifactPlace.paths(of: run), db)
        }
        let datasets = try Int64.fetchAll(
            db.cachedStatement(sql: "SELECT dataset FROM run_dataset WHERE run = ?"), arguments: [id])
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
        ] { _ = try remove(sql, [id], db) }
        let unread = """
            DELETE FROM dataset WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM run_dataset WHERE dataset = ?1)
            """
        for dataset in datasets { _ = try remove(unread, [dataset], db) }
        try CondemnedTable.remove(.run, id, db)
    }
}

// MARK: - Logged models and experiments

extension TrashPurge {
    private struct Model {
        let number: Int64
        let id: String
        let place: String
    }

    /// Takes away some rows of logged models, and of experiments whose runs are gone; `nil` when there are none.
    func freeModelsAndExperiments(_ transaction: WriteTransaction) throws -> FreedTrash? {
        let db = transaction.database
        try condemnExperiments(db)
        var account = Account()
        while account.room > 0, let model = try nextModel(db) {
            let isEmptied = try account.isEmptied {
                try Self.freeModelPoints("model", model.number, atMost: $0, db)
            }
            guard isEmptied else { return account.freed }
            try Self.freeRow(of: model, transaction)
            account.freed.loggedModelCount += 1
        }
        while account.room > 0, let id = try CondemnedTable.first(.experiment, db) {
            guard try account.isEmptied({ try Self.freeDatasets(of: id, atMost: $0, db) }) else { break }
            try Self.freeRow(ofExperiment: id, db)
            account.freed.experimentCount += 1
        }
        return account.isOver ? nil : account.freed
    }

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

    /// A model in the trash for longer than it is kept, or one of an experiment that goes.
    private func nextModel(_ db: Database) throws -> Model? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT logged_model.id, uuid, artifact_location
                FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
                WHERE logged_model.deleted_at < ?1
                    OR experiment IN (SELECT id FROM condemned WHERE kind = 'experiment')
                    OR experiment = \(Self.defaultExperiment) AND \(Self.isOver)
                LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: [moment.milliseconds]).map {
            Model(number: $0[0], id: $0[1], place: ArtifactPlace.ofLoggedModel($0[1], in: $0[2]))
        }
    }

    private static func freeRow(of model: Model, _ transaction: WriteTransaction) throws {
        let db = transaction.database
        try CondemnedFolderTable.insert(ArtifactPlace.paths(of: model.place), db)
        for sql in [
            "DELETE FROM logged_model_series WHERE model = ?",
            "DELETE FROM logged_model_param WHERE model = ?",
            "DELETE FROM logged_model_tag WHERE model = ?",
            "DELETE FROM logged_model WHERE id = ?",
        ] { _ = try remove(sql, [model.number], db) }
        _ = try remove(
            "UPDATE run SET revision = ? WHERE id IN (SELECT run FROM run_model WHERE model = ?)",
            [transaction.revision, model.id], db)
        _ = try remove("DELETE FROM run_model WHERE model = ?", [model.id], db)
    }

    private static func freeDatasets(
        of experiment: Int64, atMost limit: Int, _ db: Database
    ) throws -> Int {
        try remove(
            "DELETE FROM dataset WHERE id IN (SELECT id FROM dataset WHERE experiment = ? LIMIT ?)",
            [experiment, limit], db)
    }

    private static func freeRow(ofExperiment id: Int64, _ db: Database) throws {
        let location = try ExperimentTable.get(id, db).artifactLocation
        _ = try remove("DELETE FROM experiment WHERE id = ?", [id], db)  // its tags go along
        let folders = ArtifactPlace.paths(of: location)
        try CondemnedFolderTable.insert(try folders.filter { try !CondemnedFolderTable.isShared($0, db) }, db)
        try CondemnedTable.remove(.experiment, id, db)
    }
}

// MARK: - What would go

extension TrashPurge {
    /// Counts what `moment` condemns, and the files in its places.
    func expired(_ db: Database) throws -> ExpiredTrash {
        let experiments = "SELECT id FROM experiment WHERE id <> \(Self.defaultExperiment) AND \(Self.isOver)"
        let models = """
            SELECT uuid, artifact_location FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
            WHERE logged_model.deleted_at < ?1 OR \(Self.isOver)
            """
        let when: StatementArguments = [moment.milliseconds]
        var expired = ExpiredTrash()
        expired.experimentCount =
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM (\(experiments))", arguments: when) ?? 0
        let modelRows = try Row.fetchCursor(db, sql: models, arguments: when)
        while let row = try modelRows.next() {
            expired.loggedModelCount += 1
            try expired.count(ArtifactPlace.paths(of: ArtifactPlace.ofLoggedModel(row[0], in: row[1])), db)
        }
        let runs = try Int64.fetchCursor(db, sql: "SELECT id FROM run WHERE deleted_at < ?1", arguments: when)
        while let id = try runs.next() {
            expired.runCount += 1
            if let run = try RunTable.row(id, db) { try expired.count(ArtifactPlace.paths(of: run), db) }
        }
        return expired
    }
}

extension ExpiredTrash {
    fileprivate mutating func count(_ folders: Set<ExactKey>, _ db: Database) throws {
        for folder in folders {
            let (files, bytes) = try ArtifactTable.size(of: folder.text, db)
            fileCount += files
            byteCount += bytes
        }
    }
}
