/// What logged models are ordered by.
package enum LoggedModelField: Hashable, Sendable {
    case text(LoggedModelText)
    case time(LoggedModelTime)
    case metric(String)
}

package enum LoggedModelText: String, Sendable, CaseIterable {
    case name
    case id = "model_id"
    case type = "model_type"
    /// The number on the wire as text: `1` pending, `2` ready, `3` failed.
    case status
    case sourceRunID = "source_run_id"
    case experimentID = "experiment_id"
}

package enum LoggedModelTime: String, Sendable, CaseIterable {
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}

/// One comparison of a filter of logged models.
package enum LoggedModelTest: Sendable, Equatable {
    case text(LoggedModelText, TextTest)
    case time(LoggedModelTime, IntegerTest)
    case metric(String, NumberTest)
    case param(String, TextTest)
    case tag(String, TextTest)
}
