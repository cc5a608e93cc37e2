/// Which times a metric may have; a step may be any integer.
package enum TimeRules {
    /// Refuses milliseconds before 1970; `item` is where in a batch the metric stands, as `metrics[0]`.
    package static func check(
        milliseconds: Int64, ofMetric key: String, value: Double, in item: String? = nil
    ) throws(MLflowError) {
        guard milliseconds >= 0 else {
            throw .invalidValue(
                .integer(milliseconds), for: NameRules.path(to: "timestamp", in: item),
                "metric '\(key.shortened())' (value=\(value)). "
                    + "Timestamp must be a nonnegative long (64-bit integer) ")  // the last space is MLflow's
        }
    }
}
