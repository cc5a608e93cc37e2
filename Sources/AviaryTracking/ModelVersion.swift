/// How far a version of a registered model has come; the raw value is MLflow's word.
public enum ModelStage: String, Sendable, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"

    /// The stage of a name in capitals or not.
    public init?(named name: String) {
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) else {
            return nil
        }
        self = stage
    }

    /// Whether versions of this stage are in use, so that a new one may take the place of the others.
    public var isActive: Bool { self == .staging || self == .production }
}

/// One version of a registered model: where its files are and where it comes from.
package struct ModelVersion: Sendable, Equatable {
    /// The registered model's name.
    package let model: String
    /// From 1; that of a deleted version is not given again.
    package let number: Int64
    /// `nil` where it was taken away, which differs from an empty one on the wire.
    package let description: String?
    /// As it was given, with an alias or a stage replaced by a number.
    package let source: String
    /// Where the files are: the source, or what it stands for.
    ///
    /// A label that nobody here opens, unless it is a place of the store's own (`mlflow-artifacts:/…`).
    package let location: String
    /// The run that made it, which may be gone or never have been here.
    ///
    /// Empty where nobody said, `nil` where its logged model has none: searches tell the two apart as MLflow's do.
    package let run: String?
    /// The logged model that it is.
    package let loggedModel: String?
    /// Where the run can be looked at.
    package let runLink: String?
    package let stage: ModelStage
    package let createdAt: Timestamp
    /// When its description, its stage or its model's name changed last.
    package let updatedAt: Timestamp
    package let tags: [ExactKey: String]
    /// In the order of their bytes.
    package let aliases: [String]

    package init(
        model: String, number: Int64, description: String?, source: String, location: String, run: String?,
        loggedModel: String?, runLink: String?, stage: ModelStage, createdAt: Timestamp, updatedAt: Timestamp,
        tags: [ExactKey: String], aliases: [String]
    ) {
        (self.model, self.number, self.description) = (model, number, description)
        (self.source, self.location, self.run) = (source, location, run)
        (self.loggedModel, self.runLink, self.stage) = (loggedModel, runLink, stage)
        (self.createdAt, self.updatedAt, self.tags, self.aliases) = (createdAt, updatedAt, tags, aliases)
    }
}
