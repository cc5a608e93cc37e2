/// What a filter may cost at most, looked at before anything is asked of a store.
package enum SearchLimits {
    /// Of a filter, and of all order clauses together.
    package static let bytes = 16 * 1024
    package static let comparisons = 200
    /// How deep parentheses and NOT may be nested.
    package static let depth = 64
    package static let orderClauses = 64
    /// What a filter may weigh before a search gives it less time (`SearchWeight`): as much as twenty comparisons.
    package static let ordinaryWeight = 20 * SearchWeight.comparison

    static func checkBytes(of texts: [String], named name: String) throws(SearchError) {
        let count = texts.reduce(0) { $0 + $1.utf8.count }
        guard count <= bytes else {
            throw SearchError(message: "\(name) has \(count) bytes; at most \(bytes) are taken")
        }
    }

    static func checkOrderClauses(_ clauses: [String]) throws(SearchError) {
        guard clauses.count <= orderClauses else {
            let given = "order_by has \(clauses.count) clauses"
            throw SearchError(message: "\(given); at most \(orderClauses) are taken")
        }
        try checkBytes(of: clauses, named: "order_by")
    }
}
