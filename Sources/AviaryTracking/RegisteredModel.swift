/// A model with a name under which versions of it are kept.
package struct RegisteredModel: Sendable, Equatable {
    /// Unique among all.
    package let name: String
    package let description: String?
    package let createdAt: Timestamp
    /// When it, or which versions it has in which stage, changed last.
    package let updatedAt: Timestamp
    /// The newest of each stage; the stage that has the oldest version comes first.
    package let latestVersions: [ModelVersion]
    package let tags: [ExactKey: String]
    /// The number of the version that each stands for.
    package let aliases: [ExactKey: Int64]

    package init(
        name: String, description: String?, createdAt: Timestamp, updatedAt: Timestamp,
        latestVersions: [ModelVersion], tags: [ExactKey: String], aliases: [ExactKey: Int64]
    ) {
        (self.name, self.description, self.createdAt, self.updatedAt) = (
            name, description, createdAt, updatedAt
        )
        (self.latestVersions, self.tags, self.aliases) = (latestVersions, tags, aliases)
    }
}

/// The tags in which MLflow's clients keep prompts among the models.
package enum PromptTag {
    /// Says of a registered model, and of a version, whether it is a prompt.
    package static let isPrompt = "mlflow.prompt.is_prompt"
    /// The prompt itself, of a version.
    package static let text = "mlflow.prompt.text"

    /// Whether a version with these tags is one of a prompt.
    package static func isPrompt(_ tags: [ExactKey: String]) -> Bool {
        tags[isPrompt]?.lowercased() == "true"
    }
}
