/// The place of a parser among its tokens, and what it says when it cannot go on.
struct TokenWalk {
    private let tokens: [Token]
    private let source: SearchText
    private var position = 0
    private var clauseStart = 0

    /// The last of the tokens is `.end`.
    init(_ tokens: [Token], _ source: SearchText) {
        self.tokens = tokens
        self.source = source
    }

    var current: Token { tokens[position] }
    var following: Token { tokens[min(position + 1, tokens.count - 1)] }
    var isAtEnd: Bool { current.kind == .end }

    var isBroken: Bool {
        if case .broken = current.kind { true } else { false }
    }

    /// Where the token before this one ends.
    var previousEnd: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    mutating func advance() {
        position = min(position + 1, tokens.count - 1)
    }

    /// Remembers that what is next is where a clause begins.
    mutating func startClause() {
        clauseStart = position
    }

    mutating func skip(_ mark: Token.Mark) -> Bool {
        guard current.kind == .mark(mark) else { return false }
        advance()
        return true
    }

    mutating func skip(word: String) -> Bool {
        skip(words: [word]) != nil
    }

    /// Steps over one of these words, given in capitals, and says which.
    mutating func skip(words: [String]) -> String? {
        guard let word = current.word, words.contains(word) else { return nil }
        advance()
        return word
    }
}

// MARK: - What cannot be read

extension TokenWalk {
    /// The error that something else should stand here.
    func failure(_ expectation: String, kind: SyntaxError.Kind? = nil) -> SyntaxError {
        let kind = kind ?? .clause(clause)
        if case .broken(let problem) = current.kind {
            return SyntaxError(kind: kind, offset: current.range.lowerBound, expectation: problem)
        }
        let after = position > 0 ? " after '\(shown(tokens[position - 1]))'" : ""
        let found = isAtEnd ? "" : ", not '\(shown(current))'"
        return SyntaxError(
            kind: kind, offset: isAtEnd ? previousEnd : current.range.lowerBound,
            expectation: expectation + after + found)
    }

    func limit(_ problem: String) -> SyntaxError {
        SyntaxError(kind: .limit, offset: current.range.lowerBound, expectation: problem)
    }

    /// The words from where the clause began to the next AND or OR that is not read yet.
    ///
    /// Names side by side are one word, as MLflow has it.
    private var clause: [Range<Int>] {
        var last = position
        while tokens[last].kind != .end, !Self.connectives.contains(tokens[last].word ?? "") { last += 1 }
        let start = min(clauseStart, position)
        guard start < last else {
            // Nothing stands between two connectives: then the connective is what is too much.
            return [tokens[last].kind == .end && last > 0 ? tokens[last - 1].range : tokens[last].range]
        }
        var words: [Range<Int>] = []
        var endsInName = false
        for token in tokens[start..<last] {
            let isName = Self.isName(token)
            if isName, endsInName, let before = words.popLast() {
                words.append(before.lowerBound..<token.range.upperBound)
            } else {
                words.append(token.range)
            }
            endsInName = isName
        }
        return words
    }

    private static func isName(_ token: Token) -> Bool {
        guard case .name = token.kind else { return false }
        return token.word.map { !FilterParser.noValues.contains($0) } ?? true
    }

    private static let connectives: Set<String> = ["AND", "OR"]

    private func shown(_ token: Token) -> String {
        source.shown(token.range)
    }
}

extension SearchText {
    /// A part of the text for a message, cut where it is long.
    func shown(_ range: Range<Int>) -> String {
        let longest = 40
        return range.count <= longest
            ? self[range] : self[range.lowerBound..<range.lowerBound + longest] + "…"
    }
}
