import AviarySearchGrammar

/// A test of a text that is asked of many texts, given as UTF-8.
///
/// Texts are equal if their bytes are, as in the database: `é` in one scalar is not `é` in two.
enum TextMatcher {
    case anything
    case nothing
    case equal([UInt8])
    case among(Set<ArraySlice<UInt8>>)
    case like(LikePattern)
    case pattern(SearchPatternMatcher)
    indirect case not(TextMatcher)

    /// Of a text that is there.
    init(_ test: TextTest) {
        switch test {
        case .equal(let text): self = .equal(Array(text.utf8))
        case .notEqual(let text): self = .not(.equal(Array(text.utf8)))
        case .like(let pattern, let ignoringCase):
            self = .like(LikePattern(pattern, ignoringCase: ignoringCase))
        case .notLike(let pattern, let ignoringCase):
            self = .not(.like(LikePattern(pattern, ignoringCase: ignoringCase)))
        case .among(let texts): self = .among(Set(texts.map { Array($0.utf8)[...] }))
        case .notAmong(let texts): self = .not(.among(Set(texts.map { Array($0.utf8)[...] })))
        case .matches(let pattern): self = .pattern(pattern.matcher())
        case .notMatches(let pattern): self = .not(.pattern(pattern.matcher()))
        case .present: self = .anything
        case .missing: self = .nothing
        }
    }

    /// - Throws: `TrackingError.searchTooLong` once the time is over.
    func fits(_ text: ArraySlice<UInt8>, _ deadline: Deadline) throws -> Bool {
        switch self {
        case .anything: true
        case .nothing: false
        case .equal(let wanted): text.count == wanted.count && text.elementsEqual(wanted)
        case .among(let wanted): wanted.contains(text)
        case .like(let pattern): try pattern.fits(text, check: deadline.check)
        case .pattern(let pattern):
            try pattern.matches(String(decoding: text, as: UTF8.self), check: deadline.check)
        case .not(let matcher): try !matcher.fits(text, deadline)
        }
    }
}
