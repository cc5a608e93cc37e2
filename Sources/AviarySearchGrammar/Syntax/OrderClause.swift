/// One key of an order as it is written: `metrics.loss DESC`.
package struct OrderClause {
    let key: Comparison.Key
    let isAscending: Bool
    let source: SearchText

    init(_ clause: String, _ dialect: SearchDialect) throws(SearchError) {
        let source = SearchText(clause)
        var tokens = TokenWalk(Lexer.tokens(of: source), source)
        do throws(Problem) {
            self = try Self(&tokens, source, dialect)
            guard tokens.isAtEnd else { throw Problem.unreadable(tokens.failure("the end is expected")) }
        } catch {
            switch dialect {
            case .native: throw Self.nativeError(error, source)
            case .mlflow: throw SearchError(message: error.mlflowMessage(clause))
            }
        }
    }

    /// Reads native clauses, a text each.
    static func all(_ texts: [String]) throws(SearchError) -> [OrderClause] {
        try SearchLimits.checkOrderClauses(texts)
        var clauses: [OrderClause] = []
        for text in texts { clauses.append(try OrderClause(text, .native)) }
        return clauses
    }

    /// Reads native clauses that stand in one text with commas between them; an empty one has none.
    static func all(in text: String) throws(SearchError) -> [OrderClause] {
        try SearchLimits.checkBytes(of: [text], named: "the order")
        let source = SearchText(text)
        var tokens = TokenWalk(Lexer.tokens(of: source), source)
        guard !tokens.isAtEnd else { return [] }
        var clauses: [OrderClause] = []
        do throws(Problem) {
            repeat {
                guard clauses.count < SearchLimits.orderClauses else {
                    let problem = "the order has more than \(SearchLimits.orderClauses) keys"
                    throw Problem.unreadable(tokens.limit(problem))
                }
                clauses.append(try Self(&tokens, source, .native))
            } while tokens.skip(.comma)
            guard tokens.isAtEnd else { throw Problem.unreadable(tokens.failure("',' is expected")) }
        } catch {
            throw nativeError(error, source)
        }
        return clauses
    }

    private init(
        _ tokens: inout TokenWalk, _ source: SearchText, _ dialect: SearchDialect
    ) throws(Problem) {
        self.source = source
        key = try Self.key(&tokens, dialect)
        isAscending = try Self.isAscending(&tokens)
    }

    private static func nativeError(_ problem: Problem, _ source: SearchText) -> SearchError {
        SearchError(column: source.column(problem.syntax.offset), message: problem.syntax.expectation)
    }

    private static func key(
        _ tokens: inout TokenWalk, _ dialect: SearchDialect
    ) throws(Problem) -> Comparison.Key {
        let token = tokens.current
        let name: KeyName
        switch token.kind {
        case .name(let found) where dialect == .native || found.form != .loose: name = found
        case .doubleQuoted(let key) where !key.isEmpty: name = KeyName(entity: nil, key: key, form: .quoted)
        default: throw .unreadable(tokens.failure("a key is expected"))
        }
        tokens.advance()
        return Comparison.Key(name: name, range: token.range)
    }

    private static func isAscending(_ tokens: inout TokenWalk) throws(Problem) -> Bool {
        if tokens.isAtEnd || tokens.current.kind == .mark(.comma) { return true }
        guard let word = tokens.skip(words: ["ASC", "DESC"]) else {
            let error = tokens.failure("ASC or DESC is expected")
            throw tokens.current.word != nil && tokens.following.kind == .end
                ? .noDirection(error) : .unreadable(error)
        }
        return word == "ASC"
    }
}

extension OrderClause {
    private enum Problem: Error {
        case unreadable(SyntaxError)
        /// One word stands where the direction should.
        case noDirection(SyntaxError)

        var syntax: SyntaxError {
            switch self {
            case .unreadable(let error), .noDirection(let error): error
            }
        }

        func mlflowMessage(_ clause: String) -> String {
            switch self {
            case .unreadable: "Invalid order_by clause '\(clause)'. Could not be parsed."
            case .noDirection: "Invalid ordering key in order_by clause '\(clause)'."
            }
        }
    }
}
