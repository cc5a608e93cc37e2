/// One comparison of a filter of registered models.
package enum RegisteredModelTest: Sendable, Equatable {
    case name(TextTest)
    case time(RegistryTime, IntegerTest)
    case tag(String, ValueTest)
}

/// A moment that registered models and their versions have.
package enum RegistryTime: String, Sendable, CaseIterable {
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}

/// What registered models are ordered by.
package enum RegisteredModelField: Sendable {
    case name
    case creation
    case lastUpdate
}
