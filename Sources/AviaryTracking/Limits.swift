/// What a store takes, as MLflow 3 limits it.
public enum Limits {
    /// UTF-8 bytes of a key of a metric, param or tag.
    public static let keyByteCount = 250
    /// UTF-8 bytes of a param's value.
    public static let paramValueByteCount = 6000
    /// UTF-8 bytes of a tag's value.
    public static let tagValueByteCount = 8000
    /// Characters of a run's or an experiment's name.
    public static let nameByteCount = 500
    /// Points of one batch.
    public static let pointsPerBatch = 1000
}
