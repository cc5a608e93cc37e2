package import AviaryTracking

/// What of a run is changed; what is `nil` stays.
package struct RunChange: Sendable {
    package var status: RunStatus?
    package var endTime: Timestamp?
    package var name: String?

    package init(status: RunStatus? = nil, endTime: Timestamp? = nil, name: String? = nil) {
        (self.status, self.endTime, self.name) = (status, endTime, name)
    }
}

extension SQLiteStore {
    /// Changes what stands in a run's own row.
    package func updateRun(_ run: RunID, _ change: RunChange) async throws(TrackingError) -> Run {
        if let name = change.name { try Checks.runName(name) }
        let now = Timestamp.now
        return try await write { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            if let name = change.name { try RunTable.setName(name, of: row, transaction.database) }
            if let status = change.status { try RunTable.setStatus(status, of: row, transaction.database) }
            if let time = change.endTime { try RunTable.setEndTime(time, of: row, transaction.database) }
            return try RunQuery.run(run, now: now, transaction.database)
        }
    }

    /// Puts a run into the trash; one that is there stays as it is.
    package func deleteRun(_ run: RunID) async throws(TrackingError) {
        let now = Timestamp.now
        try await write { transaction in
            guard try !RunTable.row(run, transaction.database).isDeleted else { return }
            let (row, _) = try RunTable.touch(run, transaction)
            try RunTable.setDeleted(now, of: row, transaction.database)
        }
    }

    /// Takes a run out of the trash; one of an experiment that is there only where that does not matter
    /// (`evenAlone`).
    package func restoreRun(_ run: RunID, evenAlone: Bool = false) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            if !evenAlone {
                _ = try ExperimentTable.active(try RunTable.row(run, db).experimentID, db)
            }
            let (row, _) = try RunTable.touch(run, evenDeleted: true, transaction)
            guard try !CondemnedTable.contains(.run, row, db) else {
                throw TrackingError.runNotFound(run.description)
            }
            try RunTable.setDeleted(nil, of: row, db)
        }
    }

    /// Sets a tag to what its value until now makes of it, with nobody's change in between.
    package func changeTag(
        _ key: String, of run: RunID, _ change: @escaping @Sendable (String?) throws(TrackingError) -> String
    ) async throws(TrackingError) {
        try await write { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            let tag = [
                ExactKey(key): try change(try TagTable.pairs.value(key, of: row, transaction.database))
            ]
            try Checks.tags(tag)
            try TagTable.set(tag, of: row, transaction.database)
        }
    }

    /// Takes away a tag; that of the name stays, as the name does.
    package func deleteTag(_ key: String, of run: RunID) async throws(TrackingError) {
        try await write { transaction in
            let (row, _) = try RunTable.touch(run, transaction)
            guard key != TagTable.runName else { return }  // a run always has its name
            guard try TagTable.pairs.remove(key, of: row, transaction.database) else {
                throw TrackingError.tagNotFound(key: key, of: .run, id: run.description)
            }
        }
    }
}
