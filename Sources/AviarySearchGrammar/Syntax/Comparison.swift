/// A comparison as it is written, before anybody asked whether its key takes that operator and value.
struct Comparison: Sendable {
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
        var known: SearchOperator? { SearchOperator(rawValue: text) }
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

/// Every operator of the language, as it is written.
enum SearchOperator: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case like = "LIKE"
    case ilike = "ILIKE"
    case notLike = "NOT LIKE"
    case notILike = "NOT ILIKE"
    case among = "IN"
    case notAmong = "NOT IN"
    case matches = "=~"
    case notMatches = "!~"
    case isNull = "IS NULL"
    case isNotNull = "IS NOT NULL"

    static let order: [SearchOperator] = [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]
    static let presence: [SearchOperator] = [.isNull, .isNotNull]
    static let mlflowText: [SearchOperator] = [.equal, .notEqual, .like, .ilike]
    static let lists: [SearchOperator] = [.among, .notAmong]
    static let text: [SearchOperator] =
        mlflowText + [.notLike, .notILike] + lists + [.matches, .notMatches] + presence
}
