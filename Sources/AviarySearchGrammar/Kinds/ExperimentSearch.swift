/// Filters and orders of experiments.
package enum ExperimentSearch: ClauseOrderedKind {
    package static var wording: ClauseWording { .plain }

    /// What stands before an operator.
    enum Key {
        case field(ExperimentField)
        case tag(String)
    }

    static let idName = "experiment_id"

    /// The names of attributes in both dialects.
    static let attributes: [(name: String, field: ExperimentField)] =
        [("name", .name), (idName, .id)]
        + ExperimentTime.allCases.map { ($0.rawValue, .time($0)) }
}
