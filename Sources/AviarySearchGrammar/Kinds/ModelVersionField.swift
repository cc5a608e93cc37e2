/// One comparison of a filter of model versions.
package enum ModelVersionTest: Sendable, Equatable {
    case text(ModelVersionText, TextTest)
    case number(IntegerTest)
    case time(RegistryTime, IntegerTest)
    case tag(String, ValueTest)
}

package enum ModelVersionText: Sendable, CaseIterable {
    /// The registered model's.
    case name
    /// The run that made it; missing where nobody said.
    case run
    /// The same as MLflow has it: where nobody said, it may be empty.
    case runID
    case source
}

/// What model versions are ordered by; the raw value is its name in both dialects.
package enum ModelVersionField: String, Sendable, CaseIterable {
    case name
    case number = "version_number"
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}
