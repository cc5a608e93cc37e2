/// One comparison of a filter of registered models.
package enum RegisteredModelTest: Sendable, Equatable {
    case name(TextTest)
    case tag(String, TextTest)
}

/// What registered models are ordered by.
package enum RegisteredModelField: Sendable {
    case name
    case lastUpdate
}
