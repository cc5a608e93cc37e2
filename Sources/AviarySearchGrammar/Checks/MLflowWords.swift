/// How MLflow's messages write a group of texts.
enum MLflowWords {
    static func set(_ texts: [String]) -> String { "{" + quoted(texts) + "}" }
    static func list(_ texts: [String]) -> String { "[" + quoted(texts) + "]" }
    static func tuple(_ texts: [String]) -> String { "(" + quoted(texts) + (texts.count == 1 ? ",)" : ")") }

    private static func quoted(_ texts: [String]) -> String {
        texts.map { quoted($0) }.joined(separator: ", ")
    }

    /// Double quotes where the text itself has single ones.
    static func quoted(_ text: String) -> String {
        text.contains("'") && !text.contains("\"") ? "\"\(text)\"" : "'\(text)'"
    }
}

/// How MLflow names what is no clause, which differs between the kinds.
enum ClauseWording {
    /// `Invalid clause(s) in filter string: 'foo bar'`.
    case quoted
    /// The same without quotes.
    case plain
    /// The whole filter instead of the clause.
    case wholeFilter

    func message(clause: String, filter: String) -> String {
        switch self {
        case .quoted:
            "Invalid clause(s) in filter string: '\(clause)'"
        case .plain:
            "Invalid clause(s) in filter string: \(clause)"
        case .wholeFilter:
            "Invalid filter string: '\(filter)'. Expected a list of comparisons separated by 'AND' "
                + "(e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
        }
    }
}
