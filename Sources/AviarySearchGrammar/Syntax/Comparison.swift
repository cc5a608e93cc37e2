/// A comparison as it is written, before anybody asked whether its key takes that operator and value.
package struct Comparison: Sendable {
    let key: Key
    let comparator: WrittenOperator
    /// `nil` after IS NULL and IS NOT NULL alone.
    let value: Value?
    /// The whole filter, for messages.
    let source: SearchText

    var range: Range<Int> {
        key.range.lowerBound..<(value?.range.upperBound ?? comparator.range.upperBound)
    }

    struct Key: Sendable {
        let name: KeyName
        let range: Range<Int>
    }

    struct WrittenOperator: Sendable {
        /// As it is written, words in capitals with one space between them.
        let text: String
        let range: Range<Int>

        /// What it means; `nil` if nothing.
        var known: SearchOperator? { SearchOperator(text) }
    }

    struct Value: Sendable {
        enum Kind: Sendable {
            case number(String)
            case text(String)
            /// A word without quotes, a key, or something in backticks.
            case bare
            case duration(milliseconds: Int64)
            /// The present moment with a duration added.
            case now(offsetMilliseconds: Int64)
            case list([Value])
        }

        let kind: Kind
        let range: Range<Int>
    }
}
