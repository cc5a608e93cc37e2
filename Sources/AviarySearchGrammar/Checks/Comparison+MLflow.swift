// What MLflow takes for each kind of value, and its words for what it does not take. It looks at the key
// first, then at the value, at last at the operator; so do we, since its messages name the first that does
// not fit.

extension Comparison {
    /// A value of MLflow's that is no number.
    enum TextValue {
        case text(String)
        case list([String])
    }

    /// What is written as the value; empty where nothing is.
    var mlflowWritten: String { value.map { source[$0.range] } ?? "" }

    /// The text in quotes that the value is; the message is `Expected a quoted string FORM for WANTED`.
    func mlflowText(_ wanted: String, _ form: String = "value") throws(SearchError) -> String {
        if let text = value?.text { return text }
        if case .bare? = value?.kind {
            throw SearchError(
                message:
                    "Parameter value is either not quoted or unidentified quote types used for string value "
                    + "\(mlflowWritten). Use either single or double quotes.")
        }
        throw SearchError(
            message: "Expected a quoted string \(form) for \(wanted). Got value \(mlflowWritten)")
    }

    /// The text or the list of texts that the value is.
    func mlflowTextOrList(_ wanted: String, _ form: String = "value") throws(SearchError) -> TextValue {
        guard case .list(let values)? = value?.kind else { return .text(try mlflowText(wanted, form)) }
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
        guard case .compare(let order)? = comparator.known else { throw error(self) }
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

extension Comparison {
    /// A test of a tag in the registry, where IS NULL is not known.
    func mlflowRegistryTag() throws(SearchError) -> TextTest {
        let bad = Self.badComparator(for: "tag")
        guard presence == nil else { throw bad(self) }
        let text = try mlflowText("tag (e.g. 'my-value')")
        return try mlflowTest(of: .text(text), operators: SearchOperator.mlflowText, else: bad)
    }

    /// What MLflow compares an integer with.
    enum IntegerForm {
        case whole
        case wholeOrQuoted
        case anyNumber
    }

    /// A test of an integer: a time, a version.
    func mlflowIntegerTest(
        _ form: IntegerForm, else error: (Comparison) -> SearchError
    ) throws(SearchError) -> IntegerTest {
        guard presence == nil else { throw error(self) }
        if form == .wholeOrQuoted, let text = value?.text {
            let comparator = try mlflowComparator(else: error)
            guard let integer = Int64(text) else { throw badInteger("'\(text)'") }
            return .compare(comparator, integer)
        }
        guard value?.number != nil else {
            let name = key.name.key
            throw SearchError(
                message: "Expected numeric value type for numeric attribute: \(name). Found \(mlflowWritten)")
        }
        let comparator = try mlflowComparator(else: error)
        guard form == .anyNumber || value?.integer != nil, let test = IntegerTest(comparator, value) else {
            // Where MLflow takes quoted numbers too, its message has quotes for those alone.
            throw form == .wholeOrQuoted ? badInteger(mlflowWritten) : badInteger("'\(mlflowWritten)'")
        }
        return test
    }

    private func badInteger(_ given: String) -> SearchError {
        SearchError(message: "Invalid value for numeric attribute '\(key.name.key)': \(given)")
    }

    /// Refuses a list where only these attributes take one.
    func refuseMLflowList(unless attributes: [String]) throws(SearchError) {
        guard case .list? = value?.kind, !attributes.contains(key.name.key) else { return }
        throw SearchError(
            message: "Only \(MLflowWords.list(attributes)) attributes support comparison with a list of "
                + "quoted string values.")
    }

    /// The error that an operator does not fit `what`, in the words of experiments and the registry.
    static func badComparator(for what: String) -> (Comparison) -> SearchError {
        { SearchError(message: "Invalid comparator for \(what): \($0.comparator.text)") }
    }

    /// The error that an operator is none of these, in the words of runs.
    ///
    /// MLflow leaves the last quote of the message away for metrics, tags and data sets: there it is not closed.
    static func badComparator(
        of operators: [SearchOperator], isClosed: Bool = true
    ) -> (Comparison) -> SearchError {
        { comparison in
            SearchError(
                message: "Invalid comparator '\(comparison.comparator.text)' not one of "
                    + "'\(MLflowWords.set(operators.map(\.text)))\(isClosed ? "'" : "")")
        }
    }
}

extension NumberTest {
    /// The test of a metric in MLflow's dialect.
    ///
    /// MLflow keeps an infinity as the greatest double there is, and tells it so: whoever asks for that number is
    /// answered with infinities too.
    static func mlflowMetric(_ comparator: Comparator, _ value: Double) -> NumberTest {
        guard value.magnitude == .greatestFiniteMagnitude else { return .compare(comparator, value) }
        let infinity: Double = value > 0 ? .infinity : -.infinity
        switch (comparator, value > 0) {
        case (.greater, true), (.lessOrEqual, true), (.less, false), (.greaterOrEqual, false):
            return .compare(comparator, infinity)
        case (.equal, true): return .compare(.greaterOrEqual, value)
        case (.equal, false): return .compare(.lessOrEqual, value)
        // Only here is the greatest double itself another number: a metric that is NaN fits no other test.
        case (.notEqual, _): return .compare(.notEqual, infinity)
        case (.greaterOrEqual, true), (.less, true), (.lessOrEqual, false), (.greater, false):
            return .compare(comparator, value)
        }
    }
}
