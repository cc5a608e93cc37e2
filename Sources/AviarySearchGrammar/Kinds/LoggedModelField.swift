/// What a logged model is searched and ordered by; params and tags give no order.
package enum LoggedModelField: Hashable, Sendable {
    case text(LoggedModelText)
    case number(LoggedModelNumber)
    case metric(String)
    case param(String)
    case tag(String)
}

package enum LoggedModelText: String, Sendable, CaseIterable {
    case name
    case id = "model_id"
    case type = "model_type"
    case sourceRunID = "source_run_id"
    case experimentID = "experiment_id"
}

package enum LoggedModelNumber: String, Sendable, CaseIterable {
    /// 1 pending, 2 ready, 3 failed.
    case status
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}

/// One comparison of a filter of logged models.
package enum LoggedModelTest: Sendable, Equatable {
    case text(LoggedModelText, TextTest)
    case number(LoggedModelNumber, IntegerTest)
    case metric(String, NumberTest)
    case param(String, TextTest)
    case tag(String, TextTest)
}
