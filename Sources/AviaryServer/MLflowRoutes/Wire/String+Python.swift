extension String {
    /// The text in quotes as Python prints it, which MLflow's messages show.
    var pythonLiteral: String {
        let quote: Character = contains("'") && !contains("\"") ? "\"" : "'"
        var literal = String(quote)
        for character in self {
            switch character {
            case "\\", quote: literal += "\\\(character)"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            default: literal.append(character)
            }
        }
        return literal + String(quote)
    }
}
