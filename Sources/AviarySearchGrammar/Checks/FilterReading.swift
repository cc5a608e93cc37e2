/// From a filter's text to its comparisons, with the errors of a dialect.
enum FilterReading {
    static func tree(
        _ text: String, _ dialect: SearchDialect, wording: ClauseWording
    ) throws(SearchError) -> SearchTree<Comparison> {
        try SearchLimits.checkBytes(of: [text], named: "the filter")
        let source = SearchText(text)
        let tokens = Lexer.tokens(of: source)
        if dialect == .mlflow, hasSeveralStatements(tokens) {
            throw SearchError(
                message: "Search filter contained multiple expression \(MLflowWords.quoted(text)). "
                    + "Provide AND-ed expression list.")
        }
        do {
            return try FilterParser.tree(of: source, tokens)
        } catch {
            throw refusal(error, source, text, dialect, wording)
        }
    }

    /// Whether something stands behind a semicolon.
    private static func hasSeveralStatements(_ tokens: [Token]) -> Bool {
        guard let semicolon = tokens.firstIndex(where: { $0.kind == .mark(.semicolon) }) else { return false }
        return tokens[semicolon...].contains { $0.kind != .mark(.semicolon) && $0.kind != .end }
    }

    private static func refusal(
        _ error: SyntaxError, _ source: SearchText, _ text: String, _ dialect: SearchDialect,
        _ wording: ClauseWording
    ) -> SearchError {
        if dialect == .native {
            return SearchError(column: source.column(error.offset), message: error.expectation)
        }
        let list = "While parsing a list in the query, expected a non-empty list of string values, but got"
        return switch error.kind {
        case .clause(let range): SearchError(message: wording.message(clause: source[range], filter: text))
        case .noIdentifier(let range): SearchError(message: noIdentifier(source[range]))
        case .emptyList: SearchError(message: "\(list) empty list")
        case .illFormedList: SearchError(message: "\(list) ill-formed list.")
        case .limit: SearchError(message: error.expectation)
        }
    }

    static func noIdentifier(_ written: String) -> String {
        "Invalid comparison clause. Expected 'Identifier' found '\(written)'"
    }
}
