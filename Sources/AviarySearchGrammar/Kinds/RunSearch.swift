/// Filters and orders of runs.
///
/// In an order runs that lack a key come last in either direction; by a metric, those whose value is NaN come before
/// them.
package enum RunSearch: ClauseOrderedKind {
    package static var wording: ClauseWording { .quoted }

    /// What stands before an operator.
    enum Key {
        case field(RunField)
        case dataset(DatasetText)
    }

    /// The names of attributes in both dialects.
    static let attributes: [(name: String, field: RunField)] =
        RunText.allCases.map { ($0.rawValue, .text($0)) }
        + RunTime.allCases.map { ($0.rawValue, .time($0)) }
        + [("created", .time(.start)), ("Created", .time(.start))]

    /// The same with what MLflow calls a run's name in filters besides.
    static let mlflowAttributes: [(name: String, field: RunField)] =
        attributes + ["run name", "Run name", "Run Name"].map { ($0, .text(.name)) }
}
