/// From a filter's text to its comparisons, with the errors of a dialect.
enum FilterReading {
    static func tree(
        _ text: String, _ dialect: SearchDialect, wording: ClauseWording
    ) throws(SearchError) -> SearchTree<Comparison> {
        try SearchLimits.checkBytes(of: [text], named: "the filter")
        let source = SearchText(text)
        let tokens = Lexer.tokens(of: source)
        if dialect == .mlflow { try checkStatements(tokens, text, wording) }
        do {
            let tree = try FilterParser.tree(of: source, tokens)
            if dialect == .mlflow { try checkDurations(tree) }
            return tree
        } catch {
            switch dialect {
            case .native: throw SearchError(column: source.column(error.offset), message: error.expectation)
            case .mlflow: throw SearchError(message: mlflowMessage(error, source, text, wording))
            }
        }
    }

    /// MLflow cuts a filter at its semicolons before it reads it.
    private static func checkStatements(
        _ tokens: [Token], _ text: String, _ wording: ClauseWording
    ) throws(SearchError) {
        if tokens.count == 1, !text.isEmpty { throw SearchError(message: wording.noStatement(text)) }
        guard let semicolon = tokens.firstIndex(where: { $0.kind == .mark(.semicolon) }) else { return }
        if tokens[semicolon...].contains(where: { $0.kind != .mark(.semicolon) && $0.kind != .end }) {
            throw SearchError(message: wording.severalStatements(text))
        }
    }

    /// MLflow has no word that is a duration.
    private static func checkDurations(_ tree: SearchTree<Comparison>) throws(SyntaxError) {
        for comparison in tree.tests {
            guard case .duration? = comparison.value?.kind else { continue }
            throw SyntaxError(
                kind: .clause([comparison.range]), offset: comparison.range.lowerBound,
                expectation: "a value of MLflow's is expected")
        }
    }

    private static func mlflowMessage(
        _ error: SyntaxError, _ source: SearchText, _ text: String, _ wording: ClauseWording
    ) -> String {
        let list = "While parsing a list in the query, expected a non-empty list of string values, but got"
        return switch error.kind {
        case .clause(let words): wording.badClause(words.map { source[$0] }, filter: text)
        case .noIdentifier(let range): MLflowWords.noIdentifier(source[range])
        case .emptyList: "\(list) empty list"
        case .illFormedList: "\(list) ill-formed list."
        case .limit: error.expectation
        }
    }
}
