/// What runs are ordered by, and searched by as well as by their data sets.
package enum RunField: Hashable, Sendable {
    /// The latest value of a metric.
    case metric(String)
    case param(String)
    case tag(String)
    case text(RunText)
    case time(RunTime)
    /// From its start to its end.
    case duration
}

/// A text that every run has; the raw value is its name in a filter.
package enum RunText: String, Sendable, CaseIterable {
    case id = "run_id"
    /// Kept as the tag `mlflow.runName`.
    case name = "run_name"
    case userID = "user_id"
    /// In capitals.
    case status
    case artifactURI = "artifact_uri"
}

package enum RunTime: String, Sendable, CaseIterable {
    case start = "start_time"
    /// Missing while the run has not ended.
    case end = "end_time"
}

/// What is said of a data set that a run used.
package enum DatasetText: String, Sendable, CaseIterable {
    case name
    case digest
    /// What it was used for, kept as a tag of the use.
    case context
}

/// One comparison of a filter of runs.
package enum RunTest: Sendable, Equatable {
    case metric(String, NumberTest)
    case param(String, ValueTest)
    case tag(String, ValueTest)
    case text(RunText, TextTest)
    case time(RunTime, IntegerTest)
    case duration(IntegerTest)
    /// Some one of the run's data sets fits; `missing` fits a run that has none of which this is said.
    case dataset(DatasetText, TextTest)
}
