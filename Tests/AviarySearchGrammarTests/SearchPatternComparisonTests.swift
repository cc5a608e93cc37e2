import AviaryFuzzing
import AviarySearchGrammar
import Testing

/// Random patterns beside the plainest matcher there is, which asks where a part may end that begins here.
struct SearchPatternComparisonTests {
    private indirect enum Expression {
        case atom(String, fitting: Set<Character>)
        case textStart
        case textEnd
        case sequence([Expression])
        case choice([Expression])
        case repetition(Expression, written: String, least: Int, most: Int)
    }

    private static let atoms: [(String, Set<Character>)] = [
        ("a", ["a"]), ("b", ["b"]), (".", ["a", "b", "c", "1", " "]), ("[ab]", ["a", "b"]),
        ("[^a]", ["b", "c", "1", " "]), ("[b-c]", ["b", "c"]), ("\\w", ["a", "b", "c", "1"]),
        ("\\D", ["a", "b", "c", " "]), ("[\\d\\s]", ["1", " "]),
    ]

    private static let counts = [
        ("*", 0, Int.max), ("+", 1, Int.max), ("?", 0, 1), ("{2}", 2, 2), ("{1,}", 1, Int.max),
        ("{0,2}", 0, 2),
        ("{0}", 0, 0), ("{1,3}", 1, 3),
    ]

    private static func expression(depth: Int, _ random: inout SeededRandom) -> Expression {
        let choices = (0..<Int.random(in: 1...2, using: &random)).map { _ in
            let partCount = Int.random(in: 0...3, using: &random)
            return Expression.sequence((0..<partCount).map { _ in part(depth: depth, &random) })
        }
        return .choice(choices)
    }

    private static func part(depth: Int, _ random: inout SeededRandom) -> Expression {
        if Int.random(in: 0..<10, using: &random) == 0 {
            return Bool.random(using: &random) ? .textStart : .textEnd
        }
        let (written, fitting) = atoms[Int.random(in: 0..<atoms.count, using: &random)]
        let isGroup = depth > 0 && Bool.random(using: &random)
        let inner = isGroup ? expression(depth: depth - 1, &random) : .atom(written, fitting: fitting)
        guard Bool.random(using: &random) else { return inner }
        let (count, least, most) = counts[Int.random(in: 0..<counts.count, using: &random)]
        return .repetition(inner, written: count, least: least, most: most)
    }

    private static func written(_ expression: Expression) -> String {
        switch expression {
        case .atom(let text, _): text
        case .textStart: "^"
        case .textEnd: "$"
        case .sequence(let parts): parts.map(written).joined()
        case .choice(let choices): "(\(choices.map(written).joined(separator: "|")))"
        case .repetition(let inner, let count, _, _): written(inner) + count
        }
    }

    /// Where the expression may end that begins at one of these places.
    private static func ends(_ expression: Expression, _ text: [Character], from starts: Set<Int>) -> Set<Int>
    {
        switch expression {
        case .atom(_, let fitting):
            return Set(starts.filter { $0 < text.count && fitting.contains(text[$0]) }.map { $0 + 1 })
        case .textStart:
            return starts.filter { $0 == 0 }
        case .textEnd:
            return starts.filter { $0 == text.count }
        case .sequence(let parts):
            return parts.reduce(starts) { ends($1, text, from: $0) }
        case .choice(let choices):
            return choices.reduce(into: []) { $0.formUnion(ends($1, text, from: starts)) }
        case .repetition(let inner, _, let least, let most):
            var places = (0..<least).reduce(starts) { places, _ in ends(inner, text, from: places) }
            // No more rounds than there are places can add one.
            for _ in 0..<min(most - least, text.count + 1) {
                places.formUnion(ends(inner, text, from: places))
            }
            return places
        }
    }

    @Test(arguments: 1...8)
    func `fits where it should`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var fitCount = 0
        let patternCount = 300
        let textCount = 10
        for _ in 0..<patternCount {
            let expression = Self.expression(depth: 2, &random)
            let source = Self.written(expression)
            let pattern = try SearchPattern(source)
            for _ in 0..<textCount {
                let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                    "abc1 ".randomElement(using: &random) ?? "a"
                }
                let shouldFit = !Self.ends(expression, text, from: Set(0...text.count)).isEmpty
                #expect(pattern.matches(String(text)) == shouldFit, "\(source) on '\(String(text))'")
                fitCount += shouldFit ? 1 : 0
            }
        }
        // Both answers are common: the comparison compares something.
        let share = Double(fitCount) / Double(patternCount * textCount)
        #expect((0.1...0.95).contains(share))
    }
}
