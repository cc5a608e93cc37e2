/// An operator of the language.
enum SearchOperator: Sendable, Equatable {
    case compare(Comparator)
    case like
    case ilike
    case notLike
    case notILike
    case among
    case notAmong
    case matches
    case notMatches
    case isNull
    case isNotNull

    /// The operator that is written so, words in capitals with one space between them.
    init?(_ text: String) {
        guard let known = Self.all.first(where: { $0.text == text }) else { return nil }
        self = known
    }

    var text: String {
        switch self {
        case .compare(let comparator): comparator.rawValue
        case .like: "LIKE"
        case .ilike: "ILIKE"
        case .notLike: "NOT LIKE"
        case .notILike: "NOT ILIKE"
        case .among: "IN"
        case .notAmong: "NOT IN"
        case .matches: "=~"
        case .notMatches: "!~"
        case .isNull: "IS NULL"
        case .isNotNull: "IS NOT NULL"
        }
    }
}

extension SearchOperator {
    static let order: [SearchOperator] = Comparator.allCases.map { .compare($0) }
    static let equality: [SearchOperator] = [.compare(.equal), .compare(.notEqual)]
    static let presence: [SearchOperator] = [.isNull, .isNotNull]
    static let lists: [SearchOperator] = [.among, .notAmong]
    static let mlflowText: [SearchOperator] = equality + [.like, .ilike]
    static let text: [SearchOperator] =
        mlflowText + [.notLike, .notILike] + lists + [.matches, .notMatches] + presence

    private static let all: [SearchOperator] = order + text.filter { !equality.contains($0) }
}
