package import AviaryTracking

extension SQLiteStore {
    /// Makes the next version of a registered model.
    ///
    /// What its source must be, `VersionOrigin` knows. A logged model that is named notes the version in a tag.
    package func createModelVersion(_ new: NewModelVersion) async throws(TrackingError) -> ModelVersion {
        try Checks.modelVersion(new)
        let now = Timestamp.now
        return try await write(rowCount: 1 + new.tags.count) { transaction in
            let db = transaction.database
            let origin = try VersionOrigin(of: new, db)
            let model = try RegisteredModelTable.get(new.model, db)
            guard let number = try RegisteredModelTable.takeNumber(model.id, db) else {
                throw TrackingError.registry(.modelNotFound(new.model))
            }
            try ModelVersionTable.insert(new, number, of: model.id, origin, at: now, db)
            try RegisteredModelTable.touch(model.id, at: now, db)
            let id = ModelVersionID(new.model, number)
            if origin.isNamed { try origin.loggedModel?.note(id, db) }
            return try ModelVersionTable.get(id, db)
        }
    }

    package func modelVersion(_ id: ModelVersionID) async throws(TrackingError) -> ModelVersion {
        try await readers.read { try ModelVersionTable.get(id, $0) }
    }

    /// The version that an alias stands for; `latest` is the one with the greatest number.
    package func modelVersion(
        aliased alias: String, of model: String
    ) async throws(TrackingError) -> ModelVersion {
        try await readers.read { try NamedVersionQuery.version(aliased: alias, of: model, $0) }
    }

    /// Sets what is said of a version.
    package func describeModelVersion(
        _ id: ModelVersionID, _ description: String?
    ) async throws(TrackingError) -> ModelVersion {
        try Checks.modelDescription(description)
        let now = Timestamp.now
        return try await write { transaction in
            let db = transaction.database
            let place = try ModelVersionTable.place(of: id, db)
            try ModelVersionTable.setDescription(description, of: place.id, at: now, db)
            return try ModelVersionTable.get(id, db)
        }
    }

    /// Moves a version into a stage; `archivingOthers` archives those that are there.
    package func moveModelVersion(
        _ id: ModelVersionID, to stage: ModelStage, archivingOthers: Bool = false
    ) async throws(TrackingError) -> ModelVersion {
        guard !archivingOthers || stage.isActive else {
            throw .registry(.notActive(stage: stage.rawValue))
        }
        let now = Timestamp.now
        return try await write { transaction in
            let db = transaction.database
            let place = try ModelVersionTable.place(of: id, db)
            if archivingOthers {
                try ModelVersionTable.archive(stage, of: place.model, but: place.id, at: now, db)
            }
            try ModelVersionTable.setStage(stage, of: place.id, at: now, db)
            try RegisteredModelTable.touch(place.model, at: now, db)
            return try ModelVersionTable.get(id, db)
        }
    }

    /// Deletes a version for good; its number is not given again, and its files stay where they are.
    package func deleteModelVersion(_ id: ModelVersionID) async throws(TrackingError) {
        let now = Timestamp.now
        try await write { transaction in
            let db = transaction.database
            let place = try ModelVersionTable.place(of: id, db)
            try ModelVersionTable.remove(place.id, db)
            try RegisteredModelTable.touch(place.model, at: now, db)
        }
    }

    package func setModelVersionTags(
        _ tags: [ExactKey: String], of id: ModelVersionID
    ) async throws(TrackingError) {
        try Checks.tags(tags, valueLimit: Limits.modelTagValueLength)
        try await write(rowCount: tags.count) { transaction in
            let db = transaction.database
            try ModelVersionTable.tags.set(tags, of: ModelVersionTable.place(of: id, db).id, db)
        }
    }

    /// Takes away a tag; one that is not there may be taken away too.
    package func deleteModelVersionTag(_ key: String, of id: ModelVersionID) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            try ModelVersionTable.tags.remove(key, of: ModelVersionTable.place(of: id, db).id, db)
        }
    }
}
