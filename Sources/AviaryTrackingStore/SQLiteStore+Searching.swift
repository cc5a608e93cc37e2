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

    /// What was found is put together so many at a time, each in a transaction, which should be over within a second.
    static var thingsPerTransaction: Int { 250 }

    /// The runs that fit, with all that is noted of them.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func searchRuns(
        _ question: RunQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<LinkedRun> {
        try Self.check(limit: question.limit, offset: question.offset)
        if let experiments = question.experiments, experiments.isEmpty {
            return Found(things: [], hasMore: false)
        }
        let rows = try await rows(of: question, time ?? Self.searchTime(for: question.filter))
        let shown = rows.prefix(question.limit)
        var runs: [LinkedRun] = []
        for start in stride(from: 0, to: shown.count, by: Self.thingsPerTransaction) {
            let part = shown.dropFirst(start).prefix(Self.thingsPerTransaction)
            runs += try await linkedRuns(Array(part))
        }
        return Found(things: runs, hasMore: rows.count > question.limit)
    }

    private func rows(
        of question: RunQuestion, _ time: SearchTime
    ) async throws(TrackingError) -> [Int64] {
        do {
            return try await readers.read { [columns = runColumns] db in
                try TimeLimit.run(time, db) { try RunSearchQuery.rows(question, columns, $0, db) }
            }
        } catch {
            if case .searchTooLong = error { readAhead(for: question) }
            throw error
        }
    }

    /// Reads what a search needs that had no time to do so, for the next one.
    ///
    /// What cannot be read is told to the one who asks again.
    private func readAhead(for question: RunQuestion) {
        guard runColumns.startWarming() else { return }
        Task { [readers, runColumns] in
            for name in RunSearchQuery.columns(question) {
                try? await readers.read { db in
                    try TimeLimit.run(SearchTime(limit: .seconds(2)), db) { _ in
                        _ = try runColumns.column(name, of: runColumns.slots(db), db)
                    }
                }
            }
            runColumns.endWarming()
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
            try TimeLimit.run(time, db) { _ in try ExperimentSearchQuery.experiments(question, db) }
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
