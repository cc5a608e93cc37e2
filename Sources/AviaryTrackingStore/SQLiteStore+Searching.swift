package import AviarySearchGrammar
package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// How long finding what fits a filter may take.
    ///
    /// A large one is answered or refused within a tenth of a second, of which some is left for reading the filter and
    /// for the page that was found.
    package static func searchLimit(for filter: SearchTree<some SearchTest>) -> Duration {
        filter.isLarge ? .milliseconds(75) : .seconds(2)
    }

    /// How many a search gives at most.
    package static var searchPageLimit: Int { 50_000 }

    /// What was found is put together so many at a time, each in a transaction, which should be over within a second.
    static var thingsPerTransaction: Int { 250 }

    /// The runs that fit, with all that is noted of them.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `timeLimit`, or the usual one.
    package func searchRuns(
        _ question: RunQuestion, timeLimit: Duration? = nil
    ) async throws(TrackingError) -> Found<LinkedRun> {
        try Self.check(limit: question.limit, offset: question.offset)
        guard !question.experiments.isEmpty else { return Found(things: [], hasMore: false) }
        let limit = timeLimit ?? Self.searchLimit(for: question.filter)
        let rows = try await readers.read { [columns = runColumns] db in
            try TimeLimit.run(limit, db) { try RunSearchQuery.rows(question, columns, $0, db) }
        }
        let shown = rows.prefix(question.limit)
        var runs: [LinkedRun] = []
        for start in stride(from: 0, to: shown.count, by: Self.thingsPerTransaction) {
            let part = shown.dropFirst(start).prefix(Self.thingsPerTransaction)
            runs += try await linkedRuns(Array(part))
        }
        return Found(things: runs, hasMore: rows.count > question.limit)
    }

    /// A run, in the trash or not, with all that is noted of it.
    package func linkedRun(_ id: RunID) async throws(TrackingError) -> LinkedRun {
        let now = Timestamp.now
        return try await readers.read { try RunQuery.linked(RunTable.row(id, $0), now: now, $0) }
    }

    /// The experiments that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `timeLimit`, or the usual one.
    package func searchExperiments(
        _ question: ExperimentQuestion, timeLimit: Duration? = nil
    ) async throws(TrackingError) -> Found<Experiment> {
        try Self.check(limit: question.limit, offset: question.offset)
        let limit = timeLimit ?? Self.searchLimit(for: question.filter)
        let found = try await readers.read { db in
            try TimeLimit.run(limit, db) { _ in try ExperimentSearchQuery.experiments(question, db) }
        }
        return Found(things: Array(found.prefix(question.limit)), hasMore: found.count > question.limit)
    }

    static func check(limit: Int, offset: Int) throws(TrackingError) {
        guard (1...searchPageLimit).contains(limit) else {
            throw .invalid(field: "limit", problem: "\(limit) is not within 1 to \(searchPageLimit)")
        }
        guard offset >= 0 else { throw .invalid(field: "offset", problem: "\(offset) is less than 0") }
    }

    private func linkedRuns(_ rows: [Int64]) async throws(TrackingError) -> [LinkedRun] {
        let now = Timestamp.now
        return try await readers.read { db in
            try rows.compactMap { number in
                // Gone for good since it was found.
                guard let row = try RunTable.row(number, db) else { return nil }
                return try RunQuery.linked(row, now: now, db)
            }
        }
    }
}
