/// One comparison of a filter of registered models.
package enum RegisteredModelTest: Sendable, Equatable {
    case name(TextTest)
    case tag(String, TextTest)
}

/// What registered models are ordered by.
package enum RegisteredModelField: String, Sendable, CaseIterable {
    case name
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}
