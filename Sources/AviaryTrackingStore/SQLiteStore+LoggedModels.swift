package import AviaryTracking

// A model in the trash takes what one outside of it takes: clients that ended it late must not fail. Only who looks for
// it does not find it.
extension SQLiteStore {
    /// The most points of one page.
    package static var loggedModelPointPageLimit: Int { 10_000 }

    /// Makes a model whose files are still to come.
    package func createLoggedModel(_ new: NewLoggedModel) async throws(TrackingError) -> LoggedModel {
        try Checks.loggedModel(new)
        let id = "m-\(RunID.random())"
        let now = Timestamp.now
        return try await write(rowCount: 1 + new.params.count + new.tags.count) { transaction in
            let db = transaction.database
            _ = try ExperimentTable.active(new.experiment, db)
            let number = try LoggedModelTable.insert(new, id: id, at: now, db)
            try LoggedModelTable.add(params: new.params, to: number, id, db)
            try LoggedModelTable.tags.set(new.tags, of: number, db)
            return try LoggedModelTable.model(id, db)
        }
    }

    /// The model of that identifier; one in the trash is found only where it is asked for (`evenInTrash`).
    package func loggedModel(
        _ id: String, evenInTrash: Bool = false
    ) async throws(TrackingError) -> LoggedModel {
        try await readers.read { db in
            let model = try LoggedModelTable.model(id, db)
            guard evenInTrash || !model.isDeleted else { throw TrackingError.loggedModelNotFound(id) }
            return model
        }
    }

    /// Says what became of a model's files; it may be said again, and otherwise.
    package func setStatus(
        _ status: LoggedModelStatus, ofLoggedModel id: String
    ) async throws(TrackingError) -> LoggedModel {
        let now = Timestamp.now
        return try await write { transaction in
            let db = transaction.database
            try LoggedModelTable.setStatus(status, of: LoggedModelTable.number(id, db), at: now, db)
            return try LoggedModelTable.model(id, db)
        }
    }

    /// Puts a model into the trash; one that is there stays.
    package func deleteLoggedModel(_ id: String) async throws(TrackingError) {
        let now = Timestamp.now
        try await write { transaction in
            let db = transaction.database
            try LoggedModelTable.delete(LoggedModelTable.number(id, db), at: now, db)
        }
    }

    /// Adds params; those that are there must have the same values.
    package func addLoggedModelParams(
        _ params: [ExactKey: String], to id: String
    ) async throws(TrackingError) {
        try Checks.loggedModelPairs(params, of: "param")
        try await write(rowCount: params.count) { transaction in
            let db = transaction.database
            try LoggedModelTable.add(params: params, to: LoggedModelTable.number(id, db), id, db)
        }
    }

    package func setLoggedModelTags(_ tags: [ExactKey: String], of id: String) async throws(TrackingError) {
        try Checks.loggedModelPairs(tags, of: "tag")
        try await write(rowCount: tags.count) { transaction in
            let db = transaction.database
            try LoggedModelTable.tags.set(tags, of: LoggedModelTable.number(id, db), db)
        }
    }

    package func deleteLoggedModelTag(_ key: String, of id: String) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            guard try LoggedModelTable.tags.remove(key, of: LoggedModelTable.number(id, db), db) else {
                throw TrackingError.tagNotFound(key: key, of: .loggedModel, id: id)
            }
        }
    }

    /// Points of runs that were measured of a model; none if it is not there.
    package func points(
        ofLoggedModel id: String, after cursor: LoggedModelPointCursor? = nil, limit: Int
    ) async throws(TrackingError) -> LoggedModelPointPage {
        guard (1...Self.loggedModelPointPageLimit).contains(limit) else {
            throw .invalid(
                field: "limit", problem: "\(limit) is not within 1 to \(Self.loggedModelPointPageLimit)")
        }
        return try await readers.read { try LoggedModelPointsQuery.page(id, after: cursor, limit: limit, $0) }
    }

    /// The last point of each metric of some models, by key; none of a model that is not there.
    package func lastPoints(
        ofLoggedModels ids: [String]
    ) async throws(TrackingError) -> [[LoggedModelPoint]] {
        try await readers.read { db in try ids.map { try LoggedModelSeriesTable.lastPoints(of: $0, db) } }
    }

    /// The models that fit.
    ///
    /// - Throws: `TrackingError.searchTooLong` if finding them takes longer than `time`, or than is usual.
    package func findLoggedModels(
        _ question: LoggedModelQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> FoundParts<LoggedModel> {
        try Self.check(limit: question.limit, offset: question.offset)
        let time = time ?? Self.searchTime(for: question.filter)
        let isNowhere = question.experiments?.isEmpty ?? false
        let numbers = try await readers.read { db in
            try isNowhere
                ? [] : TimeLimit.run(time, db) { try LoggedModelSearchQuery.numbers(question, $0, db) }
        }
        return FoundParts(numbers, limit: question.limit, readers) { number, db in
            try LoggedModelTable.model(number, db).map { ($0, $0.params.byteCount + $0.tags.byteCount) }
        }
    }

    /// The same, in memory.
    package func searchLoggedModels(
        _ question: LoggedModelQuestion, time: SearchTime? = nil
    ) async throws(TrackingError) -> Found<LoggedModel> {
        try await findLoggedModels(question, time: time).whole()
    }
}
