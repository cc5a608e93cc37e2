/// Cuts a filter into tokens, in one walk over it.
struct Lexer {
    private let text: SearchText
    private var offset = 0

    /// The tokens, the last of which is `.end`.
    static func tokens(of text: SearchText) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = lexer.token()
            tokens.append(token)
            switch token.kind {
            case .end:
                return tokens
            case .broken:
                let end = text.scalars.count
                return tokens + [Token(kind: .end, range: end..<end)]
            default:
                continue
            }
        }
    }

    private init(_ text: SearchText) {
        self.text = text
    }

    private var next: Unicode.Scalar? { text[offset] }

    private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        while let scalar = next, condition(scalar) { offset += 1 }
    }

    private mutating func token() -> Token {
        skip { $0.properties.isWhitespace }
        let start = offset
        let kind = self.kind()
        if case .broken = kind { return Token(kind: kind, range: start..<text.scalars.count) }
        return Token(kind: kind, range: start..<offset)
    }

    private mutating func kind() -> Token.Kind {
        guard let scalar = next else { return .end }
        switch scalar {
        case "'":
            return quoted().map { .text($0) } ?? notClosed
        case "\"", "`":
            return quotedName(scalar)
        case "<", ">", "=", "~", "!":
            return comparator()
        case _ where scalar.isDigit || startsFraction:
            return number()
        case _ where scalar.isWord:
            return name()
        default:
            guard let mark = Token.Mark(rawValue: scalar) else {
                return .broken("'\(scalar)' means nothing here")
            }
            offset += 1
            return .mark(mark)
        }
    }

    private var startsFraction: Bool {
        next == "." && text[offset + 1]?.isDigit == true
    }

    private var notClosed: Token.Kind {
        .broken("the quote \(text[offset].map { String($0) } ?? "") is not closed")
    }

    private mutating func comparator() -> Token.Kind {
        let start = offset
        skip { "<>=~!".unicodeScalars.contains($0) }
        return .comparator(text[start..<offset])
    }

    /// What stands between two of the quotes that are next, one of which is written twice inside; `nil`, and
    /// nothing skipped, if there is no second.
    private mutating func quoted() -> String? {
        guard let quote = next else { return nil }
        var content = String.UnicodeScalarView()
        var position = offset + 1
        while let scalar = text[position] {
            if scalar == quote {
                guard text[position + 1] == quote else {
                    offset = position + 1
                    return String(content)
                }
                position += 1
            }
            content.append(scalar)
            position += 1
        }
        return nil
    }
}

// MARK: - Numbers and durations

extension Lexer {
    private mutating func number() -> Token.Kind {
        let start = offset
        skip(while: \.isDigit)
        if next == "." {
            offset += 1
            skip(while: \.isDigit)
        }
        skipExponent()
        let digits = text[start..<offset]
        let unitStart = offset
        skip(while: \.isWord)
        guard unitStart < offset else { return .number(digits) }
        guard let seconds = Self.seconds(of: text[unitStart..<offset]), let count = Double(digits) else {
            return .broken("'\(text[start..<offset])' is neither a number nor a duration such as 90s or 2h")
        }
        let milliseconds = (count * seconds * 1000).rounded()
        guard milliseconds <= Self.longestMilliseconds else {
            return .broken("'\(text[start..<offset])' is longer than 10000 years")
        }
        return .duration(milliseconds: Int64(milliseconds))
    }

    private mutating func skipExponent() {
        guard next == "e" || next == "E" else { return }
        let hasSign = text[offset + 1] == "+" || text[offset + 1] == "-"
        guard text[offset + (hasSign ? 2 : 1)]?.isDigit == true else { return }
        offset += hasSign ? 2 : 1
        skip(while: \.isDigit)
    }

    private static let longestMilliseconds = 10_000 * 365.25 * 86_400_000

    private static func seconds(of unit: String) -> Double? {
        switch unit {
        case "s": 1
        case "m": 60
        case "h": 3600
        case "d": 86_400
        case "w": 604_800
        default: nil
        }
    }
}

// MARK: - Keys and words

extension Lexer {
    private mutating func name() -> Token.Kind {
        let start = offset
        skip { $0.isWord || Self.isLoose($0) }
        let first = text[start..<offset]
        guard next == "." else { return .name(KeyName(entity: nil, key: first, form: Self.form(of: first))) }
        return key(of: first, isPlain: Self.form(of: first) == .plain)
    }

    private mutating func quotedName(_ quote: Unicode.Scalar) -> Token.Kind {
        guard let first = quoted() else { return notClosed }
        guard quote == "`" else { return .doubleQuoted(first) }
        if next == "." { return key(of: first, isPlain: true) }
        guard !first.isEmpty else { return .broken("a key is expected between the backticks") }
        return .name(KeyName(entity: nil, key: first, form: .quoted))
    }

    /// What follows an entity and its dot, which is next.
    private mutating func key(of entity: String, isPlain: Bool) -> Token.Kind {
        offset += 1
        if next == "\"" || next == "`" || next == "'" {
            guard let key = quoted() else { return notClosed }
            guard !key.isEmpty else { return .broken("a key is expected between the quotes") }
            return .name(KeyName(entity: entity, key: key, form: .quoted))
        }
        let start = offset
        skip { $0.isWord || Self.isLoose($0) || $0 == "." }
        let key = text[start..<offset]
        guard !key.isEmpty else { return .broken("a key is expected after '\(entity).'") }
        return .name(KeyName(entity: entity, key: key, form: isPlain ? Self.form(of: key) : .loose))
    }

    /// Keys such as `train/loss` and `learning-rate` need no quotes.
    private static func isLoose(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "-" || scalar == "/" || scalar == ":"
    }

    private static func form(of key: String) -> KeyName.Form {
        key.unicodeScalars.allSatisfy { $0.isWord || $0 == "." } ? .plain : .loose
    }
}
