/// One key of an order as it is written: `metrics.loss DESC`.
package struct OrderClause {
    let key: Comparison.Key
    let isAscending: Bool
    let source: SearchText

    /// Reads a clause of MLflow's.
    init(mlflow clause: String) throws(SearchError) {
        let source = SearchText(clause)
        var tokens = TokenWalk(Lexer.tokens(of: source), source)
        do throws(Problem) {
            self = try Self(&tokens, source, .mlflow)
            guard tokens.isAtEnd else { throw Problem.unreadable(tokens.failure("the end is expected")) }
        } catch {
            throw SearchError(message: error.mlflowMessage(clause))
        }
    }

    /// Reads the keys of native clauses.
    static func all(_ texts: [String]) throws(SearchError) -> [OrderClause] {
        try SearchLimits.checkOrderClauses(texts)
        var clauses: [OrderClause] = []
        for text in texts { clauses += try all(in: text) }
        guard clauses.count <= SearchLimits.orderClauses else {
            throw SearchError(message: "the order has more than \(SearchLimits.orderClauses) keys")
        }
        return clauses
    }

    private static func all(in text: String) throws(SearchError) -> [OrderClause] {
        let source = SearchText(text)
        var tokens = TokenWalk(Lexer.tokens(of: source), source)
        var clauses: [OrderClause] = []
        do throws(Problem) {
            repeat { clauses.append(try Self(&tokens, source, .native)) } while tokens.skip(.comma)
            guard tokens.isAtEnd else { throw Problem.unreadable(tokens.failure("',' is expected")) }
        } catch {
            throw SearchError(column: source.column(error.syntax.offset), message: error.syntax.expectation)
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
