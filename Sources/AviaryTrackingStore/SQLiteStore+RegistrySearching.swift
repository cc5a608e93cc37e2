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
    package func findRegisteredModels(
        _ question: RegisteredModelQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> FoundParts<RegisteredModel> {
        try Self.check(question.limit, within: 0...Self.registeredModelPageLimit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let rows = try await readers.read { db in
            try TimeLimit.run(time, db) { try RegisteredModelSearchQuery.rows(question, $0, db) }
        }
        return FoundParts(rows, limit: question.limit, readers) { id, db in
            guard let row = try RegisteredModelTable.row(id, db) else { return nil }
            let model = try RegisteredModelTable.complete(row, db)
            return (model, model.byteCount)
        }
    }

    /// The same, in memory.
    package func searchRegisteredModels(
        _ question: RegisteredModelQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<RegisteredModel> {
        try await findRegisteredModels(question, time: time).whole()
    }

    /// The versions that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func findModelVersions(
        _ question: ModelVersionQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> FoundParts<ModelVersion> {
        try Self.check(question.limit, within: 1...Self.modelVersionPageLimit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let rows = try await readers.read { db in
            try TimeLimit.run(time, db) { try ModelVersionSearchQuery.rows(question, $0, db) }
        }
        return FoundParts(rows, limit: question.limit, readers) { id, db in
            try ModelVersionTable.row(id, db).map { ($0, $0.byteCount) }
        }
    }

    /// The same, in memory.
    package func searchModelVersions(
        _ question: ModelVersionQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<ModelVersion> {
        try await findModelVersions(question, time: time).whole()
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
}

extension RegisteredModel {
    /// Of its texts, about.
    fileprivate var byteCount: Int {
        (description?.utf8.count ?? 0) + tags.byteCount + latestVersions.reduce(0) { $0 + $1.byteCount }
    }
}

extension ModelVersion {
    /// Of its texts, about.
    fileprivate var byteCount: Int {
        (description?.utf8.count ?? 0) + source.utf8.count + location.utf8.count + tags.byteCount
    }
}
