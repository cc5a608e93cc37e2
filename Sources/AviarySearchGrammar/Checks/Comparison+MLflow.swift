// What MLflow takes for each kind of value, and its words for what it does not take. It looks at the key first, then
// at the value, at last at the operator; so do we, since its messages name the first that does not fit.

extension Comparison {
    /// A value of MLflow's that is no number.
    enum TextValue {
        case text(String)
        case list([String])
    }

    /// What is written as the value; empty where nothing is.
    var mlflowWritten: String { value.map { source[$0.range] } ?? "" }

    /// The text in quotes that the value is.
    ///
    /// - Parameter wanted: For the message, as `tag (e.g. 'my-value')`.
    func mlflowText(_ wanted: String) throws(SearchError) -> String {
        if let text = value?.text { return text }
        if case .bare? = value?.kind {
            throw SearchError(
                message: "Parameter value is either not quoted or unidentified quote types used for string value "
                    + "\(mlflowWritten). Use either single or double quotes.")
        }
        throw SearchError(message: "Expected a quoted string value for \(wanted). Got value \(mlflowWritten)")
    }

    /// The text or the list of texts that the value is.
    func mlflowTextOrList(_ wanted: String) throws(SearchError) -> TextValue {
        guard case .list(let values)? = value?.kind else { return .text(try mlflowText(wanted)) }
        let texts = values.compactMap(\.text)
        guard texts.count == values.count else { throw Self.mlflowListError(values, source) }
        return .list(texts)
    }

    private static func mlflowListError(_ values: [Value], _ source: SearchText) -> SearchError {
        let beginning = "While parsing a list in the query, expected"
        guard values.allSatisfy({ $0.text != nil || $0.number != nil }) else {
            return SearchError(
                message: "\(beginning) a non-empty list of string values, but got ill-formed list.")
        }
        let written = values.map { source[$0.range] }.joined(separator: ", ")
        return SearchError(
            message: "\(beginning) string value, punctuation, or whitespace, but got different type in list: "
                + "(\(written)\(values.count == 1 ? "," : ""))")
    }

    /// The test of a text, if the operator is one of these and fits the value.
    func mlflowTest(
        of value: TextValue, operators: [SearchOperator], else error: (Comparison) -> SearchError
    ) throws(SearchError) -> TextTest {
        guard let known = comparator.known, operators.contains(known) else { throw error(self) }
        switch (known, value) {
        case (.among, .list(let texts)): return .among(texts)
        case (.notAmong, .list(let texts)): return .notAmong(texts)
        case (_, .list): throw error(self)
        case (_, .text(let text)):
            guard let test = TextTest(known, text) else { throw error(self) }
            return test
        }
    }

    /// How two numbers are compared.
    func mlflowComparator(
        else error: (Comparison) -> SearchError
    ) throws(SearchError) -> Comparator {
        guard let known = comparator.known, let order = Comparator(known) else {
            throw error(self)
        }
        return order
    }

    /// Whether this is IS NULL or IS NOT NULL, as a test.
    var presence: TextTest? {
        switch comparator.known {
        case .isNull: .missing
        case .isNotNull: .present
        default: nil
        }
    }
}

extension MLflowWords {
    /// The message of the kinds that list which operators there are.
    static func invalidComparator(_ operators: [SearchOperator]) -> (Comparison) -> SearchError {
        { comparison in
            SearchError(
                message: "Invalid comparator '\(comparison.comparator.text)' not one of "
                    + "'\(set(operators.map(\.rawValue)))'")
        }
    }

    static func invalidEntity(_ entity: String, valid: [String]) -> String {
        "Invalid entity type '\(entity)'. Valid entity types are \(tuple(valid))"
    }

    static func invalidAttribute(_ key: String, valid: [String]) -> String {
        "Invalid attribute key '\(key)' specified. Valid keys are '\(set(valid))'"
    }
}
