/// Filters and orders of logged models, in MLflow's dialect.
package enum LoggedModelSearch {
    /// Reads a filter; an empty one fits every model.
    package static func filter(_ text: String) throws(SearchError) -> SearchTree<LoggedModelTest> {
        let tree = try FilterReading.tree(text, .mlflow, wording: .wholeFilter)
        return try tree.map { (comparison) throws(SearchError) in
            try test(comparison, filter: text)
        }
    }

    /// Reads what `order_by` names in `field_name`: an attribute, or a metric written `metrics.NAME`.
    package static func orderField(_ name: String) throws(SearchError) -> LoggedModelField {
        try SearchLimits.checkBytes(of: [name], named: "field_name")
        guard let dot = name.firstIndex(of: ".") else {
            guard let attribute = attributes.first(where: { $0.name == name }) else {
                throw SearchError(message: "Invalid order by field name: \(name)")
            }
            return attribute.field
        }
        guard name[..<dot] == "metrics" else {
            throw SearchError(message: "Invalid order by field name: \(name). Only metrics are supported.")
        }
        return .metric(String(name[name.index(after: dot)...]))
    }

    private static let attributes: [(name: String, field: LoggedModelField)] =
        LoggedModelText.allCases.map { ($0.rawValue, .text($0)) }
        + LoggedModelNumber.allCases.map { ($0.rawValue, .number($0)) }
        + [("creation_time", .number(.creation))]
}

// MARK: - Comparisons

extension LoggedModelSearch {
    private static func test(
        _ comparison: Comparison, filter: String
    ) throws(SearchError) -> LoggedModelTest {
        guard comparison.key.name.form != .loose else {
            throw SearchError(message: ClauseWording.wholeFilter.message(clause: "", filter: filter))
        }
        switch try field(comparison.key.name) {
        case .text(let text): return .text(text, try self.text(comparison))
        case .number(let number): return .number(number, try integer(comparison))
        case .metric(let key): return .metric(key, try metric(comparison))
        case .param(let key): return .param(key, try text(comparison))
        case .tag(let key): return .tag(key, try text(comparison))
        }
    }

    private static func field(_ name: KeyName) throws(SearchError) -> LoggedModelField {
        switch name.entity {
        case "metrics": return .metric(name.key)
        case "params": return .param(name.key)
        case "tags": return .tag(name.key)
        case nil, "attributes":
            guard let attribute = attributes.first(where: { $0.name == name.key }) else {
                throw SearchError(
                    message: MLflowWords.invalidAttribute(name.key, valid: attributes.map(\.name)))
            }
            return attribute.field
        case let entity?:
            let valid = MLflowWords.list(["attributes", "metrics", "params", "tags"])
            throw SearchError(message: "Invalid entity type: '\(entity)'. Expected one of \(valid).")
        }
    }

    private static let numberOperators: [SearchOperator] =
        [.less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual]
    private static let textOperators = SearchOperator.mlflowText + SearchOperator.lists

    private static func badOperator(_ operators: [SearchOperator]) -> (Comparison) -> SearchError {
        { comparison in
            let name = comparison.key.name
            let given = comparison.comparator.text
            return SearchError(
                message: "Invalid comparison operator for \(name.entity ?? "attributes").\(name.key): '\(given)'. "
                    + "Expected one of \(MLflowWords.tuple(operators.map(\.rawValue))).")
        }
    }

    private static func integer(_ comparison: Comparison) throws(SearchError) -> IntegerTest {
        let order = try comparison.mlflowComparator(else: badOperator(numberOperators))
        guard let number = comparison.value?.integer else {
            throw SearchError(
                message: "Expected numeric value type for numeric attribute: \(comparison.key.name.key). "
                    + "Found \(comparison.mlflowWritten)")
        }
        return .compare(order, number)
    }

    private static func metric(_ comparison: Comparison) throws(SearchError) -> NumberTest {
        let order = try comparison.mlflowComparator(else: badOperator(numberOperators))
        guard let number = comparison.value?.number else {
            throw SearchError(
                message: "Expected numeric value type for metric. Found \(comparison.mlflowWritten)")
        }
        return .compare(order, number)
    }

    private static func text(_ comparison: Comparison) throws(SearchError) -> TextTest {
        let bad = badOperator(textOperators)
        guard comparison.presence == nil else { throw bad(comparison) }
        let value = try comparison.mlflowTextOrList("\(comparison.key.name.entity ?? "attributes")")
        return try comparison.mlflowTest(of: value, operators: textOperators, else: bad)
    }
}
