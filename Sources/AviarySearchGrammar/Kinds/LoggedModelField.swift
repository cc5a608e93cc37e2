/// What logged models are ordered by, and searched by as well as by their params and tags.
package enum LoggedModelField: Hashable, Sendable {
    case text(LoggedModelText)
    case time(LoggedModelTime)
    case metric(String)
}

package enum LoggedModelText: Sendable, CaseIterable {
    case name
    case id
    case type
    /// In capitals.
    case status
    /// The number on MLflow's wire as text: `1` pending, `2` ready, `3` failed.
    case statusNumber
    /// The run that made it; missing where nobody said.
    case run
    /// The same as MLflow has it: empty where nobody said.
    case sourceRunID
    case experimentID
}

package enum LoggedModelTime: String, Sendable, CaseIterable {
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}

/// One comparison of a filter of logged models.
package enum LoggedModelTest: Sendable, Equatable {
    case text(LoggedModelText, TextTest)
    case experiment(IdentifierTest)
    case time(LoggedModelTime, IntegerTest)
    /// Some point fits; `missing` fits a model without points.
    case metric(String, NumberTest)
    case param(String, ValueTest)
    case tag(String, ValueTest)
}
