/// One comparison of a filter of model versions.
package enum ModelVersionTest: Sendable, Equatable {
    case text(ModelVersionText, TextTest)
    case number(IntegerTest)
    case tag(String, TextTest)
}

package enum ModelVersionText: String, Sendable, CaseIterable {
    case name
    case runID = "run_id"
    case source = "source_path"
}

/// What model versions are ordered by.
package enum ModelVersionField: String, Sendable, CaseIterable {
    case name
    case number = "version_number"
    case creation = "creation_timestamp"
    case lastUpdate = "last_updated_timestamp"
}
