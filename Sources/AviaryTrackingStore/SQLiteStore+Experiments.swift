package import AviaryTracking

extension SQLiteStore {
    /// The experiment of that name, made if it is missing.
    package func experiment(named name: String) async throws(TrackingError) -> Experiment {
        try Checks.experimentName(name)
        let now = Timestamp.now
        return try await write { try ExperimentTable.findOrMake(name, at: now, $0.database) }
    }

    /// Makes an experiment, whose name no other may have; those in the trash count too with `reservingTrashed`.
    package func createExperiment(
        _ new: NewExperiment, reservingTrashed: Bool = false
    ) async throws(TrackingError) -> Experiment {
        try Checks.experimentName(new.name)
        try Checks.tags(new.tags, valueLimit: Limits.experimentTagValueLength)
        if let location = new.artifactLocation { try Checks.artifactLocation(location) }
        let now = Timestamp.now
        return try await write { transaction in
            try ExperimentTable.refuse(new.name, reservingTrashed: reservingTrashed, transaction.database)
            return try ExperimentTable.make(new, at: now, transaction.database)
        }
    }

    /// The experiment of that number, in the trash or not.
    package func experiment(_ id: Int64) async throws(TrackingError) -> Experiment {
        try await readers.read { try ExperimentTable.get(id, $0) }
    }

    /// The experiment of that name; one in the trash only where none else has the name.
    package func findExperiment(named name: String) async throws(TrackingError) -> Experiment? {
        try await readers.read { try ExperimentTable.findAnywhere(name, $0) }
    }

    /// Renames an experiment; `reservingTrashed` as in `createExperiment`.
    package func renameExperiment(
        _ id: Int64, to name: String, reservingTrashed: Bool = false
    ) async throws(TrackingError) {
        try Checks.experimentName(name)
        let now = Timestamp.now
        try await write { transaction in
            let known = try ExperimentTable.active(id, transaction.database)
            guard !known.name.utf8.elementsEqual(name.utf8) else { return }
            try ExperimentTable.refuse(name, reservingTrashed: reservingTrashed, transaction.database)
            try ExperimentTable.rename(id, name, at: now, transaction.database)
        }
    }

    /// Puts an experiment into the trash, and all its runs.
    package func deleteExperiment(_ id: Int64) async throws(TrackingError) {
        let now = Timestamp.now
        try await write { transaction in
            _ = try ExperimentTable.active(id, transaction.database)
            try ExperimentTable.setDeleted(true, id, at: now, transaction.database)
            try RunTable.deleteAll(in: id, at: now, transaction)
        }
    }

    /// Takes an experiment out of the trash, under another name if one is given, with the runs that went there with
    /// it.
    ///
    /// One that is not there takes the name and stays.
    package func restoreExperiment(_ id: Int64, named name: String? = nil) async throws(TrackingError) {
        if let name { try Checks.experimentName(name) }
        let now = Timestamp.now
        try await write { transaction in
            let db = transaction.database
            let known = try ExperimentTable.restorable(id, db)
            let deletedAt = try ExperimentTable.deletedAt(id, db)
            let isNew = name.map { !$0.utf8.elementsEqual(known.name.utf8) } ?? false
            if deletedAt != nil || isNew {
                try ExperimentTable.refuse(name ?? known.name, reservingTrashed: false, db)
            }
            if let name, isNew { try ExperimentTable.rename(id, name, at: now, db) }
            guard let deletedAt else { return }
            try ExperimentTable.setDeleted(false, id, at: now, db)
            try RunTable.restoreAll(in: id, deletedAt: deletedAt, transaction)
        }
    }

    /// Takes an experiment out of the trash, and all its runs, also those that went there before; throws where it is
    /// not in the trash.
    package func restoreWholeExperiment(_ id: Int64) async throws(TrackingError) {
        let now = Timestamp.now
        try await write { transaction in
            let known = try ExperimentTable.restorable(id, transaction.database)
            guard known.isDeleted else { throw TrackingError.experimentNumberNotFound(id) }
            try ExperimentTable.refuse(known.name, reservingTrashed: false, transaction.database)
            try ExperimentTable.setDeleted(false, id, at: now, transaction.database)
            try RunTable.restoreAll(in: id, deletedAt: nil, transaction)
        }
    }

    package func setExperimentTags(_ tags: [ExactKey: String], of id: Int64) async throws(TrackingError) {
        try Checks.tags(tags, valueLimit: Limits.experimentTagValueLength)
        try await write { transaction in
            _ = try ExperimentTable.active(id, transaction.database)
            try ExperimentTable.tags.set(tags, of: id, transaction.database)
        }
    }

    package func deleteExperimentTag(_ key: String, of id: Int64) async throws(TrackingError) {
        try await write { transaction in
            _ = try ExperimentTable.active(id, transaction.database)
            guard try ExperimentTable.tags.remove(key, of: id, transaction.database) else {
                throw TrackingError.tagNotFound(key: key, of: .experiment, id: String(id))
            }
        }
    }
}
