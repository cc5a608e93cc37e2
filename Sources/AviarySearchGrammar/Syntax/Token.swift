/// A word of the language, and where it stands in the text.
struct Token: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// A key, perhaps with the entity before its first dot; also every word of the language itself.
        case name(KeyName)
        /// In single quotes.
        case text(String)
        /// In double quotes: a value or a key, as its place has it.
        case doubleQuoted(String)
        case number(String)
        case duration(milliseconds: Int64)
        /// A run of the characters `< > = ~ !`, whether it means something or not.
        case comparator(String)
        case mark(Mark)
        /// What is no word; nothing is read behind it.
        case broken(String)
        case end
    }

    enum Mark: Unicode.Scalar, Sendable {
        case open = "("
        case close = ")"
        case comma = ","
        case plus = "+"
        case minus = "-"
        case semicolon = ";"
    }

    let kind: Kind
    /// In scalars from 0.
    let range: Range<Int>

    /// The word in capitals if this is one without quotes and entity.
    var word: String? {
        guard case .name(let name) = kind, name.entity == nil, name.form != .quoted else { return nil }
        return name.key.uppercased()
    }
}

/// What stands before an operator: `metrics.loss`, `` tags.`a b` ``, `start_time`.
struct KeyName: Equatable, Sendable {
    enum Form: Equatable, Sendable {
        /// Letters, digits, `_` and dots.
        case plain
        /// Without quotes although it has a dash, slash or colon.
        case loose
        /// In quotes or backticks.
        case quoted
    }

    let entity: String?
    let key: String
    let form: Form
}
