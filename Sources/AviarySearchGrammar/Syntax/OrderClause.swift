/// One key of an order as it is written: `metrics.loss DESC`.
struct OrderClause {
    let key: Comparison.Key
    let isAscending: Bool
    let source: SearchText

    init(_ clause: String, _ dialect: SearchDialect) throws(SearchError) {
        source = SearchText(clause)
        var tokens = TokenWalk(Lexer.tokens(of: source), source)
        do {
            key = try Self.key(&tokens, dialect)
            isAscending = try Self.isAscending(&tokens)
        } catch {
            switch dialect {
            case .native:
                throw SearchError(
                    column: source.column(error.syntax.offset), message: error.syntax.expectation)
            case .mlflow: throw SearchError(message: error.mlflowMessage(clause))
            }
        }
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
        if tokens.isAtEnd { return true }
        guard let word = tokens.skip(words: ["ASC", "DESC"]) else {
            let error = tokens.failure("ASC or DESC is expected")
            throw tokens.current.word != nil && tokens.following.kind == .end
                ? .noDirection(error) : .unreadable(error)
        }
        guard tokens.isAtEnd else { throw .unreadable(tokens.failure("the end is expected")) }
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
