/// What experiments are ordered by, and searched by as well as by their tags.
package enum ExperimentField: Hashable, Sendable {
    case id
    case name
    case time(ExperimentTime)
}

package enum ExperimentTime: String, Sendable, CaseIterable {
    case creation = "creation_time"
    case lastUpdate = "last_update_time"
}

/// One comparison of a filter of experiments.
package enum ExperimentTest: Sendable, Equatable {
    case id(IdentifierTest)
    case name(TextTest)
    case time(ExperimentTime, IntegerTest)
    case tag(String, ValueTest)
}

/// Whether a number that names something is among some.
package enum IdentifierTest: Sendable, Equatable {
    case among([Int64])
    case notAmong([Int64])
}
