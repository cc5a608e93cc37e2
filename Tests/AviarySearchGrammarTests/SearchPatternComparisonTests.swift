import AviarySearchGrammar
import Testing

/// Random patterns beside the standard library's regular expressions, which backtrack.
struct SearchPatternComparisonTests {
    private struct Writer {
        var random: SeededRandom

        mutating func pattern(depth: Int) -> String {
            let choices = (0..<Int.random(in: 1...2, using: &random)).map { _ in sequence(depth: depth) }
            return choices.joined(separator: "|")
        }

        private mutating func sequence(depth: Int) -> String {
            (0..<Int.random(in: 0...3, using: &random)).map { _ in piece(depth: depth) }.joined()
        }

        private mutating func piece(depth: Int) -> String {
            if Int.random(in: 0..<12, using: &random) == 0 { return Bool.random(using: &random) ? "^" : "$" }
            let atoms = ["a", "b", "c", ".", "[ab]", "[^a]", "[b-c]", "\\w", "\\d", "\\D"]
            var atom = atoms.randomElement(using: &random) ?? "a"
            if depth > 0, Bool.random(using: &random) { atom = "(\(pattern(depth: depth - 1)))" }
            let counts = ["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}"]
            return atom + (counts.randomElement(using: &random) ?? "")
        }

        mutating func text() -> String {
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ["a", "b", "c", "1", " "].randomElement(using: &random) ?? "a"
            }.joined()
        }
    }

    @Test(arguments: 1...8)
    func `fits where a backtracking matcher fits`(seed: UInt64) throws {
        var writer = Writer(random: SeededRandom(seed: seed))
        var fitCount = 0
        let textCount = 12
        let patternCount = 250
        for _ in 0..<patternCount {
            let source = writer.pattern(depth: 2)
            let pattern = try SearchPattern(source)
            let oracle = try Regex(source).matchingSemantics(.unicodeScalar)
            for _ in 0..<textCount {
                let text = writer.text()
                let fits = pattern.matches(text)
                #expect(fits == text.contains(oracle), "\(source) on '\(text)'")
                fitCount += fits ? 1 : 0
            }
        }
        // Both answers are common: the comparison compares something.
        let share = Double(fitCount) / Double(patternCount * textCount)
        #expect((0.1...0.9).contains(share))
    }
}
