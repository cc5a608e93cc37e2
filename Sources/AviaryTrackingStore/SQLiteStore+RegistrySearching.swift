package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// How many registered models a search gives at most.
    package static var registeredModelPageLimit: Int { 1000 }

    /// How many versions a search gives at most.
    package static var modelVersionPageLimit: Int { 200_000 }

    /// The registered models that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func searchRegisteredModels(
        _ question: RegisteredModelQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<RegisteredModel> {
        try Self.check(question.limit, within: 0...Self.registeredModelPageLimit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let rows = try await readers.read { db in
            try TimeLimit.run(time, db) { _ in try RegisteredModelSearchQuery.rows(question, db) }
        }
        return try await found(rows, limit: question.limit) { id, db in
            try RegisteredModelTable.row(id, db).map { try RegisteredModelTable.complete($0, db) }
        }
    }

    /// The versions that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func searchModelVersions(
        _ question: ModelVersionQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<ModelVersion> {
        try Self.check(question.limit, within: 1...Self.modelVersionPageLimit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let rows = try await readers.read { db in
            try TimeLimit.run(time, db) { _ in try ModelVersionSearchQuery.rows(question, db) }
        }
        return try await found(rows, limit: question.limit) { id, db in try ModelVersionTable.row(id, db) }
    }

    private static func check(
        _ limit: Int, within range: ClosedRange<Int>, offset: Int
    ) throws(TrackingError) {
        guard range.contains(limit) else {
            throw .invalid(
                field: "limit", problem: "\(limit) is not within \(range.lowerBound) to \(range.upperBound)")
        }
        guard offset >= 0 else { throw .invalid(field: "offset", problem: "\(offset) is less than 0") }
    }

    /// Puts together what stands in these rows, but for what is gone for good since it was found.
    private func found<Thing: Sendable>(
        _ rows: [Int64], limit: Int, _ thing: @escaping @Sendable (Int64, Database) throws -> Thing?
    ) async throws(TrackingError) -> Found<Thing> {
        let shown = rows.prefix(limit)
        var things: [Thing] = []
        for start in stride(from: 0, to: shown.count, by: Self.thingsPerTransaction) {
            let part = Array(shown.dropFirst(start).prefix(Self.thingsPerTransaction))
            things += try await readers.read { db in try part.compactMap { try thing($0, db) } }
        }
        return Found(things: things, hasMore: rows.count > limit)
    }
}
