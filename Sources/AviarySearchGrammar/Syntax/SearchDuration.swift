/// Durations as filters write them, read by themselves.
package enum SearchDuration {
    /// The duration that a text is, as `90s` or `1.5h`; `nil` if it is none.
    package static func read(_ text: String) -> Duration? {
        let tokens = Lexer.tokens(of: SearchText(text))
        guard tokens.count == 2, case .duration(let milliseconds) = tokens[0].kind else { return nil }
        return .milliseconds(milliseconds)
    }
}
