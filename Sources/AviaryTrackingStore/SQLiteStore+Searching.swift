package import AviarySearchGrammar
package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// How long finding what fits a filter may take.
    ///
    /// A large one is answered or refused within a tenth of a second, of which some is left for reading the filter and
    /// for the page that was found.
    package static func searchTime(for filter: SearchTree<some SearchTest>) -> SearchTime {
        SearchTime(limit: .seconds(2), workLimit: filter.isLarge ? .milliseconds(75) : nil)
    }

    /// How many a search gives at most.
    package static var searchPageLimit: Int { 50_000 }

    /// The runs that fit, without what they read and made.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func searchRuns(
        _ question: RunQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<Run> {
        let rows = try await rows(of: question, time)
        let now = Timestamp.now
        let found = FoundParts(rows, limit: question.limit, readers) { number, db -> FoundParts<Run>.Sized? in
            guard let row = try RunTable.row(number, db) else { return nil }
            let run = try RunQuery.complete(row, now: now, db)
            return (run, run.byteCount)
        }
        return try await found.whole()
    }

    /// The runs that fit, with all that is noted of them.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func findRuns(
        _ question: RunQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> FoundParts<LinkedRun> {
        let rows = try await rows(of: question, time)
        let now = Timestamp.now
        let known = KnownDatasets()
        return FoundParts(rows, limit: question.limit, readers) { number, db in
            guard let row = try RunTable.row(number, db) else { return nil }
            let before = known.readByteCount
            let found = try RunQuery.linked(row, sharing: known, now: now, db)
            return (found, found.run.byteCount + known.readByteCount - before)
        }
    }

    /// The rows of one page, and one more if more follow.
    private func rows(
        of question: RunQuestion, _ time: SearchTime?
    ) async throws(TrackingError) -> [Int64] {
        try Self.check(limit: question.limit, offset: question.offset)
        if let experiments = question.experiments, experiments.isEmpty { return [] }
        let time = time ?? Self.searchTime(for: question.filter)
        do throws(TrackingError) {
            return try await readers.read { [runColumns] db in
                try TimeLimit.run(time, db) { try RunSearchQuery.rows(question, runColumns, $0, db) }
            }
        } catch {
            // With all the time of an ordinary search there is nothing to be won.
            if case .searchTooLong = error, time.workLimit < time.limit {
                readAhead(for: question, time.limit)
            }
            throw error
        }
    }

    /// Reads the columns of a question that had no time for it, so that whoever asks again may be answered.
    private func readAhead(for question: RunQuestion, _ limit: Duration) {
        runColumns.readAhead { [readers, runColumns] in
            // What goes wrong goes wrong for whoever asks again, and is told then.
            _ = try? await readers.read { db in
                try TimeLimit.run(SearchTime(limit: limit), db) {
                    try RunReading(runColumns, $0, db).readAll(of: question)
                }
            }
        }
    }

    /// A run, in the trash or not, with all that is noted of it.
    package func linkedRun(_ id: RunID) async throws(TrackingError) -> LinkedRun {
        let now = Timestamp.now
        return try await readers.read { try RunQuery.linked(RunTable.row(id, $0), now: now, $0) }
    }

    /// The experiments that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func searchExperiments(
        _ question: ExperimentQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<Experiment> {
        try Self.check(limit: question.limit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let found = try await readers.read { db in
            try TimeLimit.run(time, db) { try ExperimentSearchQuery.experiments(question, $0, db) }
        }
        return Found(things: Array(found.prefix(question.limit)), hasMore: found.count > question.limit)
    }

    static func check(limit: Int, offset: Int) throws(TrackingError) {
        guard (1...searchPageLimit).contains(limit) else {
            throw .invalid(field: "limit", problem: "\(limit) is not within 1 to \(searchPageLimit)")
        }
        guard offset >= 0 else { throw .invalid(field: "offset", problem: "\(offset) is less than 0") }
    }
}

extension Run {
    /// Of its texts, about.
    fileprivate var byteCount: Int { params.byteCount + tags.byteCount }
}
