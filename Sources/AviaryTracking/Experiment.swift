/// A group of runs that are compared with each other.
public struct Experiment: Sendable, Equatable {
    /// The number the store gave it; `0` is the experiment `Default`.
    public let id: Int64
    /// Unique among those that are not in the trash.
    public let name: String
    /// Where its runs keep their files: a place of the store's own (`mlflow-artifacts:/…`), or a label that the store
    /// never opens.
    public let artifactLocation: String
    /// When it was made.
    public let createdAt: Timestamp
    /// When its name or its place in the trash changed last.
    public let updatedAt: Timestamp
    /// Whether it is in the trash, with its runs.
    public let isDeleted: Bool
    /// What is said of it.
    public let tags: [ExactKey: String]

    /// Puts an experiment together.
    public init(
        id: Int64, name: String, artifactLocation: String, createdAt: Timestamp, updatedAt: Timestamp,
        isDeleted: Bool = false, tags: [ExactKey: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.artifactLocation = artifactLocation
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.isDeleted = isDeleted
        self.tags = tags
    }
}
