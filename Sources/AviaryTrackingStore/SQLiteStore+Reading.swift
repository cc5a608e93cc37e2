package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// The most runs of one page.
    package static var pageLimit: Int { 10_000 }

    /// Some runs of an experiment or of all, the newest first; `cursor` is an earlier page's `next`.
    ///
    /// A name stands for all experiments of `experiments(named:ofRuns:)`.
    package func runs(
        experiment: String?, lifecycle: Lifecycle = .active, limit: Int, cursor: String?
    ) async throws(TrackingError) -> RunPage {
        guard (1...Self.pageLimit).contains(limit) else {
            throw .invalid(field: "limit", problem: "\(limit) is not within 1 to \(Self.pageLimit)")
        }
        var place: RunCursor?
        if let cursor { place = try RunCursor(cursor) }
        let now = Timestamp.now
        return try await readers.read { [place] db in
            try RunQuery.page(
                experiment: experiment, lifecycle: lifecycle, limit: limit, cursor: place, now: now, db)
        }
    }

    package func run(_ id: RunID) async throws(TrackingError) -> Run {
        let now = Timestamp.now
        return try await readers.read { try RunQuery.run(id, now: now, $0) }
    }

    /// The one run whose identifier begins so, or whose name this is.
    package func run(matching prefix: String) async throws(TrackingError) -> Run {
        let now = Timestamp.now
        return try await readers.read { db in
            try RunQuery.run(MatchingRunQuery.find(prefix, db), now: now, db)
        }
    }

    /// The experiments of that name in which there may be runs that are there, in the trash, or either.
    ///
    /// Those in the trash, of which several may have the name, count unless only runs that are there are meant.
    ///
    /// - Throws: `TrackingError.experimentNotFound` if there are none.
    package func experiments(
        named name: String, ofRuns lifecycle: Lifecycle = .active
    ) async throws(TrackingError) -> [Int64] {
        try await readers.read { try ExperimentTable.numbers(named: name, ofRuns: lifecycle, $0) }
    }

    /// The experiment of that number, in the trash or not, with the number of its runs.
    package func experimentSummary(_ id: Int64) async throws(TrackingError) -> ExperimentSummary {
        try await readers.read { try RunCountQuery.summary(ExperimentTable.get(id, $0), $0) }
    }

    /// Runs are counted of so many experiments in a transaction, which should be over within a second.
    private static var experimentsPerTransaction: Int { 250 }

    /// These experiments with the numbers of their runs.
    package func summaries(
        of experiments: [Experiment]
    ) async throws(TrackingError) -> [ExperimentSummary] {
        var summaries: [ExperimentSummary] = []
        for start in stride(from: 0, to: experiments.count, by: Self.experimentsPerTransaction) {
            let part = experiments.dropFirst(start).prefix(Self.experimentsPerTransaction)
            summaries += try await readers.read { db in try part.map { try RunCountQuery.summary($0, db) } }
        }
        return summaries
    }

    /// Every series asked for that there is, in buckets; a run that lacks a key is left out for it.
    package func series(_ question: SeriesQuestion) async throws(TrackingError) -> [SeriesAnswer] {
        let query = try SeriesQuery(question)
        var answers: [SeriesAnswer] = []
        for run in question.runs {
            for key in question.keys {  // each a transaction of its own, so that none is long
                let answer = try await readers.read { db in
                    try query.answer(key, of: RunTable.row(run, db), db)
                }
                if let answer { answers.append(answer) }
            }
        }
        return answers
    }

    /// The last step of each series of a run.
    package func lastSteps(_ run: RunID) async throws(TrackingError) -> [ExactKey: Int64] {
        try await readers.read { db in
            try LastStepsQuery.all(of: RunTable.row(run, db).id, db)
        }
    }

    /// Looks the store over for `aviary doctor`; reads the whole file.
    package func check() async throws(TrackingError) -> StoreReport {
        let files = StoreFiles(resolved: folder)
        return try await readers.read { db in
            StoreReport(
                sqliteVersion: try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "",
                journalMode: try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "",
                writeAheadLogByteCount: try StoreFiles.byteCount(of: files.log) ?? 0,
                faults: try Faults.find(db),
                schemaVersion: try SchemaVersion.read(db),
                fileSystem: try FileSystem.name(at: files.folder),
                freeByteCount: try FileSystem.freeByteCount(at: files.folder),
                runCount: try Int.fetchOne(db, sql: "SELECT count(*) FROM run") ?? 0)
        }
    }
}
