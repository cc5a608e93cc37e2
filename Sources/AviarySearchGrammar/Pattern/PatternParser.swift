/// Reads a regular expression as a tree, by recursive descent.
///
///     choice   := sequence { "|" sequence }
///     sequence := { atom [ ( "*" | "+" | "?" | "{" m [ "," [ n ] ] "}" ) [ "?" ] ] }
///     atom     := "(" [ "?:" ] choice ")" | "[" class "]" | "\" escape | "." | "^" | "$" | scalar
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var depth = 0

    static func node(of pattern: String) throws(SearchPatternError) -> PatternNode {
        var parser = PatternParser(pattern)
        let node = try parser.choice()
        guard parser.next == nil else { throw parser.failure("')' closes no group") }
        return node
    }

    private init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
    }

    private var next: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    private func failure(_ problem: String) -> SearchPatternError {
        SearchPatternError(position: offset + 1, problem: problem)
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        offset += 1
        return true
    }

    private mutating func choice() throws(SearchPatternError) -> PatternNode {
        var choices = [try sequence()]
        while skip("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(SearchPatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let atom = try atom(scalar)
            parts.append(try repeated(atom))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func atom(_ scalar: Unicode.Scalar) throws(SearchPatternError) -> PatternNode {
        switch scalar {
        case "*", "+", "?", "{":
            throw failure(
                "nothing stands before '\(scalar)' that could be repeated; '\\\(scalar)' is the sign")
        case "(":
            return try group()
        case "[":
            offset += 1
            return .set(try characterClass())
        default:
            break
        }
        offset += 1
        switch scalar {
        case ".": return .set(.allButLineEnd)
        case "^": return .textStart
        case "$": return .textEnd
        case "\\":
            switch try escape() {
            case .scalar(let scalar): return .scalar(scalar)
            case .oneOf(let scalarClass): return .set(ScalarSet(ranges: [], classes: [scalarClass]))
            }
        default: return .scalar(scalar)
        }
    }

    private mutating func group() throws(SearchPatternError) -> PatternNode {
        let start = offset
        guard depth < SearchPattern.depthLimit else {
            throw failure("groups are nested more than \(SearchPattern.depthLimit) deep")
        }
        depth += 1
        defer { depth -= 1 }
        offset += 1
        if skip("?"), !skip(":") { throw failure("'(?:' is the only group with a '?'") }
        let inner = try choice()
        guard skip(")") else {
            offset = start
            throw failure("the group is not closed")
        }
        return inner
    }
}

// MARK: - Repetition

extension PatternParser {
    /// The atom, or its repetition if one is written behind it.
    private mutating func repeated(_ atom: PatternNode) throws(SearchPatternError) -> PatternNode {
        let node: PatternNode
        switch next {
        case "*": node = .repetition(atom, least: 0, most: nil)
        case "+": node = .repetition(atom, least: 1, most: nil)
        case "?": node = .repetition(atom, least: 0, most: 1)
        case "{":
            let (least, most) = try counts()
            node = .repetition(atom, least: least, most: most)
        default: return atom
        }
        offset += 1
        // Which of several fits is taken first makes no difference to whether there is one.
        _ = skip("?")
        return node
    }

    /// The numbers in braces, up to the brace that closes.
    private mutating func counts() throws(SearchPatternError) -> (least: Int, most: Int?) {
        offset += 1
        let least = try count()
        guard skip(",") else {
            guard next == "}" else { throw failure("',' or '}' is expected") }
            return (least, least)
        }
        if next == "}" { return (least, nil) }
        let most = try count()
        guard next == "}" else { throw failure("'}' is expected") }
        guard least <= most else { throw failure("\(least) is more than \(most)") }
        return (least, most)
    }

    private mutating func count() throws(SearchPatternError) -> Int {
        let start = offset
        while let scalar = next, scalar.isDigit { offset += 1 }
        guard start < offset else { throw failure("a number is expected") }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[start..<offset])
        guard let count = Int(String(digits)), count <= SearchPattern.repeatLimit else {
            throw failure("something is repeated more than \(SearchPattern.repeatLimit) times")
        }
        return count
    }
}

// MARK: - Escapes and classes

extension PatternParser {
    private enum Escape {
        case scalar(Unicode.Scalar)
        case oneOf(ScalarClass)
    }

    /// What a backslash, just skipped, and the scalar after it stand for.
    private mutating func escape() throws(SearchPatternError) -> Escape {
        guard let scalar = next else { throw failure("a backslash at the end stands for nothing") }
        let escape: Escape
        switch scalar {
        case "d", "D": escape = .oneOf(ScalarClass(kind: .digit, isNegated: scalar == "D"))
        case "w", "W": escape = .oneOf(ScalarClass(kind: .word, isNegated: scalar == "W"))
        case "s", "S": escape = .oneOf(ScalarClass(kind: .space, isNegated: scalar == "S"))
        case "t": escape = .scalar("\t")
        case "n": escape = .scalar("\n")
        case "r": escape = .scalar("\r")
        case _ where scalar.isWord && scalar != "_":
            throw failure("'\\\(scalar)' is no escape; there are \\d \\w \\s \\D \\W \\S \\t \\n \\r")
        default: escape = .scalar(scalar)
        }
        offset += 1
        return escape
    }

    /// What stands between brackets, the first of which is skipped.
    private mutating func characterClass() throws(SearchPatternError) -> ScalarSet {
        let start = offset - 1
        let isNegated = skip("^")
        var ranges: [ClosedRange<UInt32>] = []
        var classes: [ScalarClass] = []
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            switch try classMember() {
            case .oneOf(let scalarClass): classes.append(scalarClass)
            case .scalar(let low): ranges.append(try range(from: low))
            }
        }
        guard skip("]") else {
            offset = start
            throw failure("the class is not closed")
        }
        return ScalarSet(ranges: ranges, classes: classes, isNegated: isNegated)
    }

    private mutating func classMember() throws(SearchPatternError) -> Escape {
        if skip("\\") { return try escape() }
        guard let scalar = next else { throw failure("the class is not closed") }
        offset += 1
        return .scalar(scalar)
    }

    /// One scalar, or all up to the one behind a dash; a dash before the bracket is itself.
    private mutating func range(from low: Unicode.Scalar) throws(SearchPatternError) -> ClosedRange<UInt32> {
        guard next == "-", offset + 1 < scalars.count, scalars[offset + 1] != "]" else {
            return low.value...low.value
        }
        offset += 1
        guard case .scalar(let high) = try classMember() else { throw failure("a range ends in no class") }
        guard low <= high else { throw failure("'\(low)' comes after '\(high)'") }
        return low.value...high.value
    }
}
