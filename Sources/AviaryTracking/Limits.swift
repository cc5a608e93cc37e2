/// What a store takes, as MLflow 3 limits it.
public enum Limits {
    /// Code points of a key of a metric, param or tag.
    public static let keyLength = 250
    /// Code points of a param's value.
    public static let paramValueLength = 6000
    /// Code points of a run's tag.
    public static let tagValueLength = 8000
    /// Code points of an experiment's tag.
    public static let experimentTagValueLength = 20_000
    /// Code points of an experiment's name.
    public static let experimentNameLength = 500
    /// Code points of a run's name, which MLflow keeps as a tag.
    public static let runNameLength = 8000
    /// Code points of the name of who began a run.
    public static let userLength = 256
    /// Code points of the place of an experiment's artifacts.
    public static let artifactLocationLength = 2048
    /// Code points of the name of a set of data, and of what kind its source is.
    public static let datasetNameLength = 500
    /// Code points of what tells one state of a set of data from another.
    public static let datasetDigestLength = 36
    /// Code points of where a set of data comes from.
    public static let datasetSourceLength = 65_535
    /// Code points of what a set of data looks like.
    public static let datasetSchemaLength = 1_048_575
    /// Code points of what is in a set of data, summed up.
    public static let datasetProfileLength = 16_777_215
    /// Code points of a key that is said of a set of data in a run.
    public static let inputTagKeyLength = 255
    /// Code points of its value.
    public static let inputTagValueLength = 500
    /// Code points of a registered model's name.
    public static let registeredModelNameLength = 500
    /// Code points of what is said of a registered model, or of a version.
    public static let modelDescriptionLength = 100_000
    /// Code points of a tag of a registered model, or of a version.
    public static let modelTagValueLength = 100_000
    /// Code points of where a version comes from, and of the address of its run.
    public static let modelSourceLength = 2048
    /// Code points of a name that stands for a version.
    public static let modelAliasLength = 255
    /// Code points of a logged model's name, and of its type.
    public static let loggedModelNameLength = 8000
    /// Code points of a key of a logged model's param or tag.
    public static let loggedModelKeyLength = 255
    /// Code points of its value: some clients put a whole diff into a tag.
    public static let loggedModelValueLength = 1_048_575
    /// Points of one batch.
    public static let pointsPerBatch = 1000
}
