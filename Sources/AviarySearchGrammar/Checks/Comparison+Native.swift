// What a comparison of the native language means for each kind of value, or where it does not fit.

extension Comparison.Key {
    /// A refusal that points at the key.
    func refusal(in source: SearchText, _ message: String) -> SearchError {
        SearchError(column: source.column(range.lowerBound), message: message)
    }
}

extension Comparison {
    private func refusal(at range: Range<Int>, _ message: String) -> SearchError {
        SearchError(column: source.column(range.lowerBound), message: message)
    }

    /// The operator, if it is one of those that fit; `field` is what is compared, as the message names it.
    private func fitting(
        of operators: [SearchOperator], for field: String
    ) throws(SearchError) -> SearchOperator {
        if let known = comparator.known, operators.contains(known) { return known }
        let list = operators.map(\.text).joined(separator: ", ")
        throw refusal(at: comparator.range, "'\(comparator.text)' does not fit \(field); it takes \(list)")
    }

    private func refuseValue(_ wanted: String) -> SearchError {
        guard let value else { return refusal(at: comparator.range, "\(wanted) is expected") }
        let message = "\(wanted) is expected after '\(comparator.text)', not '\(source.shown(value.range))'"
        return refusal(at: value.range, message)
    }

    /// A test of a quantity, whose value `read` finds in what is written.
    private func quantity<Quantity: Sendable & Equatable>(
        _ field: String, wanted: String, _ read: (Value) -> Quantity?
    ) throws(SearchError) -> QuantityTest<Quantity> {
        switch try fitting(of: SearchOperator.order + SearchOperator.presence, for: field) {
        case .isNull: return .missing
        case .compare(let order):
            guard let value, let quantity = read(value) else { throw refuseValue(wanted) }
            return .compare(order, quantity)
        default: return .present
        }
    }

    func nativeNumber(_ field: String) throws(SearchError) -> NumberTest {
        try quantity(field, wanted: "a number", \.number)
    }

    func nativeDuration(_ field: String) throws(SearchError) -> IntegerTest {
        try quantity(field, wanted: "a duration such as 90s or 2h") { value in
            if case .duration(let milliseconds) = value.kind { milliseconds } else { nil }
        }
    }

    /// A test of a number without a fraction, written with quotes or without.
    func nativeInteger(_ field: String) throws(SearchError) -> IntegerTest {
        if case .compare(let order)? = comparator.known, let test = IntegerTest(order, value) { return test }
        return try quantity(field, wanted: "a whole number") { $0.text.flatMap { Int64($0) } }
    }

    /// A test of a time; `now()` is `now`, in milliseconds since 1970.
    func nativeTime(_ field: String, now: Int64) throws(SearchError) -> IntegerTest {
        let wanted = "a time ('2026-03-01T12:00:00Z', now() - 2h, or milliseconds)"
        if case .compare(let order)? = comparator.known, let test = IntegerTest(order, value) { return test }
        return try quantity(field, wanted: wanted) { value in
            switch value.kind {
            case .text(let text): ISOTime.milliseconds(text)
            case .now(let offset): now &+ offset  // only a clock 292 million years off would wrap
            default: nil
            }
        }
    }

    func nativeText(_ field: String) throws(SearchError) -> TextTest {
        let known = try fitting(of: SearchOperator.text, for: field)
        switch known {
        case .isNull: return .missing
        case .isNotNull: return .present
        case .among: return .among(try nativeList())
        case .notAmong: return .notAmong(try nativeList())
        case .matches: return .matches(try nativePattern())
        case .notMatches: return .notMatches(try nativePattern())
        default: break
        }
        guard let text = value?.text, let test = TextTest(known, text) else {
            throw refuseValue("a text in quotes")
        }
        return test
    }

    /// A test of a param or tag: of its number where a number is written, else of its text.
    func nativeValue(_ field: String) throws(SearchError) -> ValueTest {
        guard case .compare(let order)? = comparator.known else { return .text(try nativeText(field)) }
        if let number = value?.number { return .number(order, number) }
        guard order == .equal || order == .notEqual else {
            throw refuseValue("a number without quotes")
        }
        guard let text = value?.text, let test = TextTest(.compare(order), text) else {
            throw refuseValue("a text in quotes or a number")
        }
        return .text(test)
    }

    /// A test of a number that names something, written with quotes or without.
    func nativeIdentifier(_ field: String) throws(SearchError) -> IdentifierTest {
        switch try fitting(of: SearchOperator.equality + SearchOperator.lists, for: field) {
        case .compare(.equal): return .among([try nativeIdentifier(value)])
        case .compare: return .notAmong([try nativeIdentifier(value)])
        case let known:
            guard case .list(let values)? = value?.kind else { throw refuseValue("a list of numbers") }
            var identifiers: [Int64] = []
            for value in values { identifiers.append(try nativeIdentifier(value)) }
            return known == .among ? .among(identifiers) : .notAmong(identifiers)
        }
    }

    private func nativeIdentifier(_ given: Value?) throws(SearchError) -> Int64 {
        guard let given else { throw refuseValue("a number") }
        guard let number = given.integer ?? given.text.flatMap({ Int64($0) }) else {
            let message = "a number is expected, not '\(source.shown(given.range))'"
            throw refusal(at: given.range, message)
        }
        return number
    }

    private func nativeList() throws(SearchError) -> [String] {
        guard case .list(let values)? = value?.kind else { throw refuseValue("a list of texts in quotes") }
        var texts: [String] = []
        for value in values {
            guard let text = value.text else {
                let given = source.shown(value.range)
                throw refusal(at: value.range, "a text in quotes is expected in a list, not '\(given)'")
            }
            texts.append(text)
        }
        return texts
    }

    private func nativePattern() throws(SearchError) -> SearchPattern {
        guard let value, let text = value.text else { throw refuseValue("a pattern in quotes") }
        do {
            return try SearchPattern(text)
        } catch {
            throw refusal(at: value.range, "the pattern cannot be used: \(error)")
        }
    }
}

extension TextTest {
    /// The test that an operator makes of one text; `nil` if it takes none.
    init?(_ known: SearchOperator, _ text: String) {
        switch known {
        case .compare(.equal): self = .equal(text)
        case .compare(.notEqual): self = .notEqual(text)
        case .like: self = .like(text, ignoringCase: false)
        case .ilike: self = .like(text, ignoringCase: true)
        case .notLike: self = .notLike(text, ignoringCase: false)
        case .notILike: self = .notLike(text, ignoringCase: true)
        default: return nil
        }
    }
}
