/// Reads tokens as a tree of comparisons, by recursive descent.
///
///     filter     := [ any ]
///     any        := all { OR all }
///     all        := factor { AND factor }
///     factor     := NOT factor | "(" any ")" | comparison
///     comparison := key ( operator value | [ NOT ] IN list | IS [ NOT ] NULL )
struct FilterParser {
    let source: SearchText
    private(set) var tokens: TokenWalk
    private var depth = 0
    private var comparisonCount = 0

    static func tree(of source: SearchText, _ tokens: [Token]) throws(SyntaxError) -> SearchTree<Comparison> {
        var parser = FilterParser(source: source, tokens: TokenWalk(tokens, source))
        if parser.tokens.isAtEnd { return .everything }
        let tree = try parser.any()
        guard parser.tokens.isAtEnd else {
            parser.tokens.startClause()
            throw parser.tokens.failure("AND or OR is expected")
        }
        return tree
    }

    private init(source: SearchText, tokens: TokenWalk) {
        self.source = source
        self.tokens = tokens
    }

    private mutating func any() throws(SyntaxError) -> SearchTree<Comparison> {
        var parts = [try all()]
        while tokens.skip(word: "OR") { parts.append(try all()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func all() throws(SyntaxError) -> SearchTree<Comparison> {
        var parts = [try factor()]
        while tokens.skip(word: "AND") { parts.append(try factor()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func factor() throws(SyntaxError) -> SearchTree<Comparison> {
        tokens.startClause()
        depth += 1
        defer { depth -= 1 }
        // The comparison itself is no level.
        guard depth <= SearchLimits.depth + 1 else {
            throw tokens.limit("parentheses and NOT are nested more than \(SearchLimits.depth) deep")
        }
        if tokens.skip(word: "NOT") { return .not(try factor()) }
        guard tokens.skip(.open) else { return .test(try comparison()) }
        let inner = try any()
        guard tokens.skip(.close) else {
            tokens.startClause()
            throw tokens.failure("AND, OR or ')' is expected")
        }
        return inner
    }

    private mutating func comparison() throws(SyntaxError) -> Comparison {
        comparisonCount += 1
        guard comparisonCount <= SearchLimits.comparisons else {
            throw tokens.limit("the filter has more than \(SearchLimits.comparisons) comparisons")
        }
        let key = try key()
        let comparator = try comparator()
        let value = try comparator.takesValue ? value(after: comparator) : nil
        return Comparison(key: key, comparator: comparator, value: value, source: source)
    }

    private mutating func key() throws(SyntaxError) -> Comparison.Key {
        let token = tokens.current
        switch token.kind {
        case .name(let name) where !Self.reserved.contains(token.word ?? ""):
            tokens.advance()
            return Comparison.Key(name: name, range: token.range)
        case .doubleQuoted(let key) where !key.isEmpty:
            tokens.advance()
            let name = KeyName(entity: nil, key: key, form: .quoted)
            return Comparison.Key(name: name, range: token.range)
        case .number, .text, .duration:
            guard case .comparator = tokens.following.kind else { throw tokens.failure("a key is expected") }
            throw tokens.failure("a key is expected", kind: .noIdentifier(token.range))
        default:
            throw tokens.failure("a key is expected")
        }
    }

    /// Words that are no key unless they are quoted.
    private static let reserved: Set<String> = ["AND", "OR", "NOT", "IN", "IS", "LIKE", "ILIKE", "NULL"]
}

// MARK: - Operators

extension FilterParser {
    private mutating func comparator() throws(SyntaxError) -> Comparison.WrittenOperator {
        let start = tokens.current.range.lowerBound
        let text: String
        if case .comparator(let symbol) = tokens.current.kind {
            tokens.advance()
            text = symbol
        } else if let word = tokens.skip(words: ["LIKE", "ILIKE", "IN"]) {
            text = word
        } else if tokens.skip(word: "NOT") {
            guard let word = tokens.skip(words: ["LIKE", "ILIKE", "IN"]) else {
                throw tokens.failure("LIKE, ILIKE or IN is expected")
            }
            text = "NOT \(word)"
        } else if tokens.skip(word: "IS") {
            let isNegated = tokens.skip(word: "NOT")
            guard tokens.skip(word: "NULL") else {
                throw tokens.failure(isNegated ? "NULL is expected" : "NULL or NOT NULL is expected")
            }
            text = isNegated ? "IS NOT NULL" : "IS NULL"
        } else {
            throw tokens.failure("an operator is expected")
        }
        return Comparison.WrittenOperator(text: text, range: start..<tokens.previousEnd)
    }
}

extension Comparison.WrittenOperator {
    var takesValue: Bool {
        switch known {
        case .isNull, .isNotNull: false
        default: true
        }
    }
}

// MARK: - Values

extension FilterParser {
    private mutating func value(
        after comparator: Comparison.WrittenOperator
    ) throws(SyntaxError) -> Comparison.Value {
        let start = tokens.current.range.lowerBound
        let kind: Comparison.Value.Kind
        if tokens.current.kind == .mark(.open) {
            kind = .list(try list())
        } else if comparator.known == .among || comparator.known == .notAmong {
            throw tokens.failure("a list in parentheses is expected")
        } else if tokens.current.word == "NOW", tokens.following.kind == .mark(.open) {
            kind = try now()
        } else if let scalar = scalar() {
            kind = scalar
        } else {
            throw tokens.failure("a value is expected")
        }
        return Comparison.Value(kind: kind, range: start..<tokens.previousEnd)
    }

    /// One value that is no list; `nil`, and nothing skipped, if none stands here.
    private mutating func scalar() -> Comparison.Value.Kind? {
        let kind: Comparison.Value.Kind
        switch tokens.current.kind {
        case .number(let digits): kind = .number(digits)
        case .text(let text), .doubleQuoted(let text): kind = .text(text)
        case .duration(let milliseconds): kind = .duration(milliseconds: milliseconds)
        case .name where !Self.noValues.contains(tokens.current.word ?? ""): kind = .bare
        case .mark(.minus): return negativeNumber()
        default: return nil
        }
        tokens.advance()
        return kind
    }

    /// Words that stand for nothing that can be compared.
    static let noValues = reserved.union(["TRUE", "FALSE"])

    private mutating func negativeNumber() -> Comparison.Value.Kind? {
        guard case .number(let digits) = tokens.following.kind,
            tokens.following.range.lowerBound == tokens.current.range.upperBound
        else { return nil }
        tokens.advance()
        tokens.advance()
        return .number("-" + digits)
    }

    private mutating func now() throws(SyntaxError) -> Comparison.Value.Kind {
        tokens.advance()
        tokens.advance()
        guard tokens.skip(.close) else { throw tokens.failure("')' is expected") }
        let isSubtracted = tokens.current.kind == .mark(.minus)
        guard isSubtracted || tokens.current.kind == .mark(.plus) else { return .now(offsetMilliseconds: 0) }
        tokens.advance()
        guard case .duration(let milliseconds) = tokens.current.kind else {
            throw tokens.failure("a duration such as 2h is expected")
        }
        tokens.advance()
        return .now(offsetMilliseconds: isSubtracted ? -milliseconds : milliseconds)
    }

    private mutating func list() throws(SyntaxError) -> [Comparison.Value] {
        tokens.advance()
        guard tokens.current.kind != .mark(.close) else {
            throw tokens.failure("a value is expected", kind: .emptyList)
        }
        var values: [Comparison.Value] = []
        while !tokens.skip(.close) {
            let range = tokens.current.range
            guard let kind = scalar() else { throw listFailure("a value is expected") }
            values.append(Comparison.Value(kind: kind, range: range.lowerBound..<tokens.previousEnd))
            guard tokens.skip(.comma) || tokens.current.kind == .mark(.close) else {
                throw listFailure("',' or ')' is expected")
            }
        }
        return values
    }

    /// A list that is never closed is no list at all, and what begins with it no clause.
    private func listFailure(_ expectation: String) -> SyntaxError {
        tokens.isAtEnd || tokens.isBroken
            ? tokens.failure(expectation) : tokens.failure(expectation, kind: .illFormedList)
    }
}
