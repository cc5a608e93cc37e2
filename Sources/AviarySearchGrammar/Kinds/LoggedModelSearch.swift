/// Filters and orders of logged models.
package enum LoggedModelSearch: SearchKind {
    package static var wording: ClauseWording { .wholeFilter }

    /// What stands before an operator.
    enum Key {
        case field(LoggedModelField)
        case param(String)
        case tag(String)
    }

    /// Reads what `order_by` names in `field_name`: an attribute, or a metric written `metrics.NAME`.
    package static func orderField(_ name: String) throws(SearchError) -> LoggedModelField {
        try SearchLimits.checkBytes(of: [name], named: "field_name")
        guard let dot = name.firstIndex(of: ".") else {
            guard let field = attribute(name) else {
                throw SearchError(message: "Invalid order by field name: \(name)")
            }
            return field
        }
        guard name[..<dot] == "metrics" else {
            throw SearchError(message: "Invalid order by field name: \(name). Only metrics are supported.")
        }
        return .metric(String(name[name.index(after: dot)...]))
    }

    /// The names of attributes in MLflow's dialect.
    private static let attributes: [(name: String, field: LoggedModelField)] =
        [
            ("name", .text(.name)), ("model_id", .text(.id)), ("model_type", .text(.type)),
            ("status", .text(.statusNumber)), ("source_run_id", .text(.sourceRunID)),
            ("experiment_id", .text(.experimentID)),
        ]
        + LoggedModelTime.allCases.map { ($0.rawValue, .time($0)) }
        + [("creation_time", .time(.creation))]

    private static func attribute(_ name: String) -> LoggedModelField? {
        if let attribute = attributes.first(where: { $0.name == name }) { return attribute.field }
        return LoggedModelTime.allCases.first { $0.column == name }.map { .time($0) }
    }
}

extension LoggedModelTime {
    /// What MLflow's table calls it, which its filters take too and its messages tell.
    fileprivate var column: String { "\(rawValue)_ms" }
}

// MARK: - Comparisons

extension LoggedModelSearch {
    package static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> LoggedModelTest {
        guard comparison.presence == nil else { throw noComparison(comparison) }
        switch try mlflowKey(comparison.key.name) {
        case .field(.text(let text)): return .text(text, try self.text(comparison))
        case .field(.time(let time)): return .time(time, try self.time(comparison))
        case .field(.metric(let key)): return .metric(key, try metric(comparison))
        case .param(let key): return .param(key, .text(try self.text(comparison)))
        case .tag(let key): return .tag(key, .text(try self.text(comparison)))
        }
    }

    private static func mlflowKey(_ name: KeyName) throws(SearchError) -> Key {
        switch name.entity {
        case "metrics": return .field(.metric(name.key))
        case "params": return .param(name.key)
        case "tags": return .tag(name.key)
        case nil, "attributes":
            guard let field = attribute(name.key) else {
                throw SearchError(
                    message: MLflowWords.invalidAttribute(name.key, valid: attributes.map(\.name)))
            }
            return .field(field)
        case let entity?:
            let valid = MLflowWords.list(["attributes", "metrics", "params", "tags"])
            throw SearchError(message: "Invalid entity type: '\(entity)'. Expected one of \(valid).")
        }
    }

    private static let numberOperators: [SearchOperator] =
        [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual].map { .compare($0) }
    private static let textOperators = SearchOperator.mlflowText + SearchOperator.lists

    private static func badOperator(_ operators: [SearchOperator]) -> (Comparison) -> SearchError {
        { comparison in
            let field = field(comparison.key.name)
            return SearchError(
                message: "Invalid comparison operator for \(field): '\(comparison.comparator.text)'. "
                    + "Expected one of \(MLflowWords.tuple(operators.map(\.text))).")
        }
    }

    /// A time that is written without `attributes.` is called as MLflow's table calls it.
    private static func field(_ name: KeyName) -> String {
        guard name.entity == nil, case .time(let time)? = attribute(name.key) else {
            return "\(name.entity ?? "attributes").\(name.key)"
        }
        return "attributes.\(time.column)"
    }

    /// MLflow has no space before the operator here.
    private static func noComparison(_ comparison: Comparison) -> SearchError {
        let written = comparison.source[comparison.key.range] + comparison.comparator.text
        return SearchError(
            message: "Invalid comparison: \(written). Expected a comparison with 3 tokens.")
    }

    private static func time(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        let bad = badOperator(numberOperators)
        _ = try comparison.mlflowComparator(else: bad)  // here the operator is looked at before the value
        guard comparison.value?.number != nil else { throw noNumber(comparison) }
        return try comparison.mlflowIntegerTest(.anyNumber, else: bad)
    }

    private static func metric(_ comparison: Comparison) throws(SearchError) -> NumberTest {
        let comparator = try comparison.mlflowComparator(else: badOperator(numberOperators))
        guard let number = comparison.value?.number else { throw noNumber(comparison) }
        return .mlflowMetric(comparator, number)
    }

    private static func noNumber(_ comparison: Comparison) -> SearchError {
        let given = MLflowWords.quoted(comparison.mlflowWritten)
        return SearchError(message: "could not convert string to float: \(given)")
    }

    /// A test of a text, which needs no quotes here.
    private static func text(_ comparison: Comparison) throws(SearchError) -> TextTest {
        let bad = badOperator(textOperators)
        let value: Comparison.TextValue =
            switch comparison.value?.kind {
            case .number, .bare: .text(comparison.mlflowWritten)
            default: try comparison.mlflowTextOrList(comparison.key.name.entity ?? "attributes")
            }
        return try comparison.mlflowTest(of: value, operators: textOperators, else: bad)
    }
}
