/// What is asked of a text.
///
/// Where there is no such text only `missing` fits, none of the negated ones either.
package enum TextTest: Sendable, Equatable {
    case equal(String)
    case notEqual(String)
    /// `%` stands for any run of characters, `_` for one; the whole text has to fit.
    case like(String, ignoringCase: Bool)
    case notLike(String, ignoringCase: Bool)
    /// One of these; never empty.
    case among([String])
    case notAmong([String])
    /// The pattern fits somewhere in the text.
    case matches(SearchPattern)
    case notMatches(SearchPattern)
    case present
    case missing
}

/// What is asked of a param or tag, which is a text that may read as a number.
package enum ValueTest: Sendable, Equatable {
    case text(TextTest)
    /// The value as a number; what does not read as one does not fit.
    case number(Comparator, Double)
}
