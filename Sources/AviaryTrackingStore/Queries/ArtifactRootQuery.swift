import GRDB

/// Where files are that belong to no run.
enum ArtifactRootQuery {
    /// Of a logged model that is not in the trash.
    static func loggedModel(_ id: String, _ db: Database) throws -> ArtifactRoot? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT artifact_location FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
                WHERE logged_model.uuid = ? AND logged_model.deleted_at IS NULL
                """)
        return try String.fetchOne(statement, arguments: [id]).map {
            ArtifactRoot(location: ArtifactPlace.ofLoggedModel(id, in: $0))
        }
    }

    /// Of a version of a registered model.
    static func version(_ version: Int64, of model: String, _ db: Database) throws -> ArtifactRoot? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT location FROM model_version
                JOIN registered_model ON registered_model.id = model_version.model
                WHERE registered_model.name = ? AND model_version.version = ?
                """)
        return try String.fetchOne(statement, arguments: [model, version]).map { ArtifactRoot(location: $0) }
    }
}
