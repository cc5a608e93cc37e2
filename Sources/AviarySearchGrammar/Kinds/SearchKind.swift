/// A kind of thing that is searched, with what each dialect takes of a filter of it.
package protocol SearchKind {
    associatedtype Test: SearchTest
    associatedtype Field: Sendable & Hashable
    /// How MLflow names what is no clause.
    static var wording: ClauseWording { get }
    /// What a comparison asks, if MLflow takes it.
    static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> Test
    /// What a comparison asks; `now()` is `now`, in milliseconds since 1970.
    static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> Test
    /// What a clause of an order names.
    static func nativeField(_ clause: OrderClause) throws(SearchError) -> Field
}

extension SearchKind {
    /// Reads a filter of MLflow's; an empty one fits everything.
    package static func filter(_ text: String) throws(SearchError) -> SearchTree<Test> {
        try FilterReading.tree(text, .mlflow, wording: wording).map(mlflowTest)
    }

    /// Reads a filter; an empty one fits everything.
    ///
    /// `now()` is `now`, in milliseconds since 1970.
    package static func filter(
        _ text: String, dialect: SearchDialect, now: Int64
    ) throws(SearchError) -> SearchTree<Test> {
        switch dialect {
        case .mlflow: return try filter(text)
        case .native:
            let tree = try FilterReading.tree(text, .native, wording: wording)
            return try tree.map { (comparison) throws(SearchError) in try nativeTest(comparison, now: now) }
        }
    }

    /// Reads an order of the native language, each clause a key or several with commas between them.
    package static func nativeOrder(_ clauses: [String]) throws(SearchError) -> [SearchOrder<Field>] {
        try SearchOrder.native(try OrderClause.all(clauses), nativeField)
    }
}

/// A kind whose orders are clauses in MLflow's dialect too.
package protocol ClauseOrderedKind: SearchKind {
    /// Reads an order of MLflow's, a key a clause.
    static func mlflowOrder(_ clauses: [String]) throws(SearchError) -> [SearchOrder<Field>]
}

extension ClauseOrderedKind {
    /// Reads an order in a dialect.
    package static func order(
        _ clauses: [String], dialect: SearchDialect
    ) throws(SearchError) -> [SearchOrder<Field>] {
        switch dialect {
        case .mlflow: try mlflowOrder(clauses)
        case .native: try nativeOrder(clauses)
        }
    }
}
