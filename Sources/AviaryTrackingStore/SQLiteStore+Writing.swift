package import AviaryTracking
import GRDB

extension SQLiteStore {
    /// Begins a run, in an experiment that is made if it is missing.
    package func createRun(_ run: NewRun) async throws(TrackingError) -> Run {
        let id = RunID.random()
        let name = run.name ?? run.tags[TagTable.runName] ?? RunName.random()
        if case .named(let experiment) = run.experiment { try Checks.experimentName(experiment) }
        try Checks.runName(name)
        try Checks.text(run.user, field: "user", limit: Limits.userLength)
        try Checks.params(run.params)
        try Checks.tags(run.tags)
        return try await write(rowCount: 1 + run.params.count + run.tags.count) { transaction in
            let db = transaction.database
            let experiment =
                switch run.experiment {
                case .named(let name): try ExperimentTable.findOrMake(name, at: run.startTime, db)
                case .numbered(let number): try ExperimentTable.active(number, db)
                }
            let row = try RunTable.insert(run, id: id, name: name, experiment: experiment.id, transaction)
            try RunTable.add(params: run.params, to: row, id, db)
            try TagTable.set(run.tags.filter { $0.key.text != TagTable.runName }, of: row, db)
            return try RunQuery.run(id, now: run.startTime, db)
        }
    }

    /// Adds points and params and sets tags, all or nothing; points that are there already are ignored.
    ///
    /// A run that has ended takes tags only, unless the client is one that goes on logging (`intoEnded`).
    /// `links` are those of the points that were measured of a logged model.
    package func log(
        _ run: RunID, points: [MetricPoint], params: [ExactKey: String], tags: [ExactKey: String],
        links: [PointLink] = [], intoEnded: Bool = false
    ) async throws(TrackingError) {
        try Checks.points(points)
        try Checks.params(params)
        try Checks.tags(tags)
        try Checks.links(links)
        let rowCount = points.count + params.count + tags.count + links.count
        try await write(rowCount: rowCount) { transaction in
            let (row, status) = try RunTable.touch(run, transaction)
            guard intoEnded || !status.isTerminal || (points.isEmpty && params.isEmpty) else {
                throw TrackingError.runEnded(run.description, status)
            }
            try RunTable.add(params: params, to: row, run, transaction.database)
            try TagTable.set(tags, of: row, transaction.database)
            try SeriesTable.add(points, to: row, transaction)
            try LoggedModelSeriesTable.add(links, of: row, transaction.database)
        }
    }

    /// Ends a run; ending it again corrects how and when.
    package func end(_ run: RunID, _ status: RunStatus, at time: Timestamp) async throws(TrackingError) {
        guard status.isTerminal else {
            throw .invalid(field: "status", problem: "\(status.rawValue) does not end a run")
        }
        try await write { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            try RunTable.setStatus(status, of: row, transaction.database)
            try RunTable.setEndTime(time, of: row, transaction.database)
        }
    }

    /// Notes that the run's recorder is alive.
    package func heartbeat(_ run: RunID, at time: Timestamp) async throws(TrackingError) {
        try await write { transaction in
            let (row, status) = try RunTable.touch(run, transaction)
            guard !status.isTerminal else { throw TrackingError.runEnded(run.description, status) }
            try RunTable.setHeartbeat(time, of: row, transaction.database)
        }
    }

    /// Sets a run back to the steps of a checkpoint and to `RUNNING`, in one transaction.
    ///
    /// Points after each series' last step are removed, and all points of series that are not named; so are those that
    /// logged models have of this run.
    package func resume(
        _ run: RunID, lastSteps: [ExactKey: Int64], at time: Timestamp
    ) async throws(TrackingError) {
        try await write { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            try SeriesTable.cut(row, after: lastSteps, transaction)
            try LoggedModelSeriesTable.cut(row, after: lastSteps, transaction.database)
            try RunTable.setStatus(.running, of: row, transaction.database)
            try RunTable.setEndTime(nil, of: row, transaction.database)
            try RunTable.setHeartbeat(time, of: row, transaction.database)
        }
    }
}
