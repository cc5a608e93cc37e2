/// One value of one series of a run.
public struct MetricPoint: Sendable, Hashable {
    /// The name of the series, as `train/loss`.
    public let key: String
    /// The measured value; NaN and the infinities are kept.
    public let value: Double
    /// Where in the training it was measured.
    public let step: Int64
    /// When it was measured.
    public let timestamp: Timestamp

    /// Puts a point together.
    public init(key: String, value: Double, step: Int64, timestamp: Timestamp) {
        self.key = key
        self.value = value
        self.step = step
        self.timestamp = timestamp
    }
}

/// One file that a run keeps.
public struct Artifact: Sendable, Equatable {
    /// Where it stands among the run's files, as `logs/console.log`.
    public let path: String
    /// Its size in bytes.
    public let byteCount: Int64
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    public let sha256: String

    /// Puts an artifact together.
    public init(path: String, byteCount: Int64, sha256: String) {
        self.path = path
        self.byteCount = byteCount
        self.sha256 = sha256
    }
}
