import AviaryTracking
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

    /// Where the model of that name is that a run made last, in the trash or not; `nil` if it made none.
    static func loggedModel(named name: String, of run: RunID, _ db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT uuid, artifact_location FROM logged_model JOIN experiment ON experiment.id = logged_model.experiment
                WHERE logged_model.run = ? AND logged_model.name = ? ORDER BY logged_model.created_at DESC, uuid LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: [run.description, name]).map {
            ArtifactPlace.ofLoggedModel($0[0], in: $0[1])
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
