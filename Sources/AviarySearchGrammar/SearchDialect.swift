/// Whose rules a filter is held to; the grammar is the same.
package enum SearchDialect: Sendable, CaseIterable {
    /// What MLflow takes, refused in its words; OR, NOT and parentheses work as well.
    case mlflow
    /// The whole language: numbers in params and tags, durations, relative times, patterns.
    case native
}
