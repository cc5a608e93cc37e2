/// How MLflow's messages write a group of texts.
enum MLflowWords {
    static func set(_ texts: [String]) -> String { "{" + quoted(texts) + "}" }
    static func list(_ texts: [String]) -> String { "[" + quoted(texts) + "]" }
    static func tuple(_ texts: [String]) -> String { "(" + quoted(texts) + (texts.count == 1 ? ",)" : ")") }

    private static func quoted(_ texts: [String]) -> String {
        texts.map { quoted($0) }.joined(separator: ", ")
    }

    static func noIdentifier(_ written: String) -> String {
        "Invalid comparison clause. Expected 'Identifier' found '\(written)'"
    }

    static func invalidEntity(_ entity: String, valid: [String]) -> String {
        "Invalid entity type '\(entity)'. Valid entity types are \(tuple(valid))"
    }

    static func invalidAttribute(_ key: String, valid: [String]) -> String {
        "Invalid attribute key '\(key)' specified. Valid keys are '\(set(valid))'"
    }

    /// Double quotes where the text itself has single ones.
    static func quoted(_ text: String) -> String {
        text.contains("'") && !text.contains("\"") ? "\"\(text)\"" : "'\(text)'"
    }
}

/// How MLflow names what is no clause, which differs between the kinds.
package enum ClauseWording {
    /// `Invalid clause(s) in filter string: 'foo bar', '!='`.
    case quoted
    /// The same without quotes.
    case plain
    /// The whole filter instead of the clause.
    case wholeFilter

    func badClause(_ words: [String], filter: String) -> String {
        switch self {
        case .quoted:
            "Invalid clause(s) in filter string: \(words.map { "'\($0)'" }.joined(separator: ", "))"
        case .plain:
            "Invalid clause(s) in filter string: \(words.joined(separator: ", "))"
        case .wholeFilter:
            "Invalid filter string: \(MLflowWords.quoted(filter)). Expected a list of comparisons "
                + "separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
        }
    }

    /// Of a filter that is nothing but space.
    func noStatement(_ filter: String) -> String {
        switch self {
        case .quoted, .plain: "Invalid filter '\(filter)'. Could not be parsed."
        case .wholeFilter: noSingleExpression(filter)
        }
    }

    func severalStatements(_ filter: String) -> String {
        switch self {
        case .quoted, .plain:
            "Search filter contained multiple expression \(MLflowWords.quoted(filter)). "
                + "Provide AND-ed expression list."
        case .wholeFilter: noSingleExpression(filter)
        }
    }

    private func noSingleExpression(_ filter: String) -> String {
        "Invalid filter string: \(MLflowWords.quoted(filter)). Expected a single SQL expression."
    }
}
