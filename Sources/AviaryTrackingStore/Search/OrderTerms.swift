import AviarySearchGrammar
import GRDB

/// One key of an order, worked out for each thing that was found.
///
/// What lacks the key comes last in either direction; an image of NaN comes before that.
struct OrderTerm {
    let value: SQL
    let isAscending: Bool
    var isImage = false
}

/// The keys of an order as columns beside what is found, and the order by them.
struct OrderTerms {
    private let terms: [OrderTerm]

    init(_ terms: [OrderTerm]) {
        self.terms = terms
    }

    /// Each begins with a comma.
    var columns: SQL {
        terms.enumerated().map { place, term in ", (\(term.value)) AS key\(sql: "\(place)")" }
            .joined(separator: "")
    }

    /// Each ends with a comma.
    var order: SQL {
        terms.enumerated().map { place, term -> SQL in
            let key = SQL(sql: "key\(place)")
            let direction = SQL(sql: term.isAscending ? "ASC" : "DESC")
            let numbersFirst: SQL = term.isImage ? "\(key) = \(OrderedBits.nan), " : ""
            return "\(key) IS NULL, \(numbersFirst)\(key) \(direction), "
        }.joined(separator: "")
    }
}
