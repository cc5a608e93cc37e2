package import AviaryTracking

extension SQLiteStore {
    package func createRegisteredModel(
        _ new: NewRegisteredModel
    ) async throws(TrackingError) -> RegisteredModel {
        try Checks.registeredModelName(new.name)
        try Checks.modelDescription(new.description)
        try Checks.tags(new.tags, valueLimit: Limits.modelTagValueLength)
        let now = Timestamp.now
        return try await write(rowCount: 1 + new.tags.count) { transaction in
            let db = transaction.database
            let isPrompt = new.tags[PromptTag.isPrompt] != nil
            try RegisteredModelTable.refuse(new.name, isPrompt: isPrompt, db)
            try RegisteredModelTable.insert(new, at: now, db)
            return try RegisteredModelTable.complete(RegisteredModelTable.get(new.name, db), db)
        }
    }

    package func registeredModel(named name: String) async throws(TrackingError) -> RegisteredModel {
        try await readers.read { db in
            try RegisteredModelTable.complete(RegisteredModelTable.get(name, db), db)
        }
    }

    /// Sets what is said of a registered model.
    package func describeRegisteredModel(
        _ name: String, _ description: String?
    ) async throws(TrackingError) -> RegisteredModel {
        try Checks.modelDescription(description)
        let now = Timestamp.now
        return try await write { transaction in
            let db = transaction.database
            let id = try RegisteredModelTable.get(name, db).id
            try RegisteredModelTable.setDescription(description, of: id, at: now, db)
            return try RegisteredModelTable.complete(RegisteredModelTable.get(name, db), db)
        }
    }

    package func renameRegisteredModel(
        _ name: String, to newName: String
    ) async throws(TrackingError) -> RegisteredModel {
        try Checks.registeredModelName(newName)
        let now = Timestamp.now
        return try await write { transaction in
            let db = transaction.database
            let id = try RegisteredModelTable.get(name, db).id
            if !name.utf8.elementsEqual(newName.utf8) {
                // A name is refused to a model in the same words whoever has it.
                guard try RegisteredModelTable.find(newName, db) == nil else {
                    throw TrackingError.registry(
                        .modelExists(newName, isPrompt: false, wantedPrompt: false))
                }
                try RegisteredModelTable.rename(id, to: newName, at: now, db)
            } else {
                try RegisteredModelTable.touch(id, at: now, db)
            }
            try ModelVersionTable.touchAll(of: id, at: now, db)
            return try RegisteredModelTable.complete(RegisteredModelTable.get(newName, db), db)
        }
    }

    /// Deletes a registered model for good, with its versions; their files stay where they are.
    package func deleteRegisteredModel(_ name: String) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            try RegisteredModelTable.remove(RegisteredModelTable.get(name, db).id, db)
        }
    }

    package func setRegisteredModelTags(
        _ tags: [ExactKey: String], of name: String
    ) async throws(TrackingError) {
        try Checks.tags(tags, valueLimit: Limits.modelTagValueLength)
        try await write(rowCount: tags.count) { transaction in
            let db = transaction.database
            try RegisteredModelTable.tags.set(tags, of: RegisteredModelTable.get(name, db).id, db)
        }
    }

    /// Takes away a tag; one that is not there may be taken away too.
    package func deleteRegisteredModelTag(_ key: String, of name: String) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            try RegisteredModelTable.tags.remove(key, of: RegisteredModelTable.get(name, db).id, db)
        }
    }

    /// The newest version of each stage; the stage that has the oldest one comes first.
    package func latestVersions(of name: String) async throws(TrackingError) -> [ModelVersion] {
        try await readers.read { db in
            try ModelVersionTable.latest(of: RegisteredModelTable.get(name, db).id, db)
        }
    }

    /// Lets a name stand for a version; one that stands for another moves.
    package func setModelAlias(_ alias: String, to version: ModelVersionID) async throws(TrackingError) {
        try Checks.modelAlias(alias)
        try await write { transaction in
            let db = transaction.database
            let place = try ModelVersionTable.place(of: version, db)
            try ModelAliasTable.set(alias, of: place.model, to: version.number, db)
        }
    }

    /// Takes away an alias; one that is not there may be taken away too.
    package func deleteModelAlias(_ alias: String, of name: String) async throws(TrackingError) {
        try await write { transaction in
            let db = transaction.database
            try ModelAliasTable.remove(alias, of: RegisteredModelTable.get(name, db).id, db)
        }
    }
}
