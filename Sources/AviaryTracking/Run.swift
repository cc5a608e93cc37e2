/// What a run is doing, in MLflow's words.
public enum RunStatus: String, Sendable, CaseIterable {
    case scheduled = "SCHEDULED"
    case running = "RUNNING"
    case finished = "FINISHED"
    case failed = "FAILED"
    case killed = "KILLED"

    /// Whether the run has ended, one way or another.
    public var isTerminal: Bool {
        switch self {
        case .scheduled, .running: false
        case .finished, .failed, .killed: true
        }
    }
}

/// The last value of a series with the range of its finite values.
public struct MetricSummary: Sendable, Equatable {
    /// The value of the last point (greatest by step, then time, then value).
    public let last: Double
    /// The step of the last point.
    public let step: Int64
    /// When the last point was measured.
    public let timestamp: Timestamp
    /// The least finite value; `nil` if none was finite.
    public let minimum: Double?
    /// The greatest finite value; `nil` if none was finite.
    public let maximum: Double?

    /// Puts a summary together.
    public init(last: Double, step: Int64, timestamp: Timestamp, minimum: Double?, maximum: Double?) {
        self.last = last
        self.step = step
        self.timestamp = timestamp
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// One training (or evaluation): what it was given, what it measured, how it ended.
public struct Run: Sendable, Equatable {
    /// Its name for machines.
    public let id: RunID
    /// Its name for people.
    public var name: String
    /// The experiment's name.
    public var experiment: String
    /// The experiment's number.
    public var experimentID: Int64
    /// Who began it; empty where nobody said.
    public var user: String
    /// What it is doing.
    public var status: RunStatus
    /// Whether it claims to run although its recorder stopped sending heartbeats (see `Heartbeat`).
    public var isStale: Bool
    /// When it began.
    public var startTime: Timestamp
    /// When it ended; `nil` while it has not.
    public var endTime: Timestamp?
    /// Whether it is in the trash.
    public var isDeleted: Bool
    /// Where its files are, as `mlflow-artifacts:/1/…/artifacts`.
    public var artifactLocation: String
    /// What it was given.
    public var params: [ExactKey: String]
    /// What is said of it.
    public var tags: [ExactKey: String]
    /// The last value of each of its series.
    public var metrics: [ExactKey: MetricSummary]

    /// Puts a run together.
    public init(
        id: RunID, name: String, experiment: String, experimentID: Int64, user: String = "",
        status: RunStatus, isStale: Bool, startTime: Timestamp, endTime: Timestamp?, isDeleted: Bool = false,
        artifactLocation: String, params: [ExactKey: String], tags: [ExactKey: String],
        metrics: [ExactKey: MetricSummary]
    ) {
        self.id = id
        self.name = name
        self.experiment = experiment
        self.experimentID = experimentID
        self.user = user
        self.status = status
        self.isStale = isStale
        self.startTime = startTime
        self.endTime = endTime
        self.isDeleted = isDeleted
        self.artifactLocation = artifactLocation
        self.params = params
        self.tags = tags
        self.metrics = metrics
    }
}

/// The rhythm in which a recorder says that it is alive.
public enum Heartbeat {
    /// How often a recorder sends one.
    public static let interval: Duration = .seconds(10)
    /// After which silence a run that sent heartbeats counts as stale.
    public static let tolerance: Duration = .seconds(45)
}
