/// A regular expression that answers in time linear in the text, whatever the pattern and the text are.
///
/// It knows literals, `.` (all but a line's end), `[a-z]`, `[^…]`, `\d \w \s` and their opposites,
/// `\t \n \r`, a backslash before any sign, `^` and `$` (beginning and end of the whole text), groups, `|`,
/// and `* + ? {m} {m,} {m,n}`. It fits if it fits somewhere; one unit is a Unicode scalar. What cannot be had
/// in linear time, as references back and looking around, is refused.
///
/// Source: the simulation of a nondeterministic automaton, all its states at once, by K. Thompson, "Regular
/// Expression Search Algorithm", Communications of the ACM 11 (1968).
package struct SearchPattern: Sendable {
    /// As it was written.
    package let source: String
    private let states: [PatternState]
    var stateCount: Int { states.count }

    /// Of the automaton: a match costs at most so many steps for each scalar of the text.
    package static let stateLimit = 2000
    /// How deep groups may be nested.
    package static let depthLimit = 64
    /// The greatest number in braces.
    package static let repeatLimit = 1000

    package init(_ source: String) throws(SearchPatternError) {
        self.source = source
        states = try PatternProgram.states(of: try PatternParser.node(of: source))
    }

    /// Whether the pattern fits somewhere in the text.
    package func matches(_ text: String) -> Bool {
        var walk = PatternWalk(states)
        return walk.fits(text) {}
    }

    /// For many texts, one after the other.
    package func matcher() -> SearchPatternMatcher { SearchPatternMatcher(PatternWalk(states)) }
}

extension SearchPattern: Equatable {
    package static func == (left: SearchPattern, right: SearchPattern) -> Bool {
        left.source == right.source
    }
}

/// A pattern that is asked of many texts, with what it needs for one kept for the next.
package final class SearchPatternMatcher {
    private var walk: PatternWalk

    fileprivate init(_ walk: PatternWalk) {
        self.walk = walk
    }

    /// Whether the pattern fits somewhere in the text; `check` is called now and then, and may end what takes long.
    package func matches<Failure>(
        _ text: String, check: () throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        try walk.fits(text, check)
    }
}

/// Why a text is no pattern.
package struct SearchPatternError: Error, Equatable, CustomStringConvertible, Sendable {
    /// Where in the pattern, in scalars from 1.
    package let position: Int
    package let problem: String

    package var description: String { "\(problem), at character \(position) of the pattern" }
}
