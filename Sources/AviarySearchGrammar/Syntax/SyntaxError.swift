/// Where a text stops being of the language, told for both dialects.
struct SyntaxError: Error {
    enum Kind: Equatable {
        /// This clause is none; the ranges are its words.
        case clause([Range<Int>])
        /// What stands before the operator is no key; the range is what stands there.
        case noIdentifier(Range<Int>)
        case emptyList
        case illFormedList
        /// A limit was passed: the same words in both dialects.
        case limit
    }

    let kind: Kind
    /// In scalars from 0.
    let offset: Int
    /// What was expected there, in the native words.
    let expectation: String
}
