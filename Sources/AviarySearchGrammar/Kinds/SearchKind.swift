/// A kind of thing that is searched, with what MLflow takes of a filter of it.
package protocol SearchKind {
    associatedtype Test: SearchTest
    /// How MLflow names what is no clause.
    static var wording: ClauseWording { get }
    /// What a comparison asks, if MLflow takes it.
    static func mlflowTest(_ comparison: Comparison) throws(SearchError) -> Test
}

extension SearchKind {
    /// Reads a filter of MLflow's; an empty one fits everything.
    package static func filter(_ text: String) throws(SearchError) -> SearchTree<Test> {
        try FilterReading.tree(text, .mlflow, wording: wording).map(mlflowTest)
    }
}

/// A kind of thing that the native language searches too.
package protocol NativeSearchKind: SearchKind {
    associatedtype Field: Sendable & Hashable
    /// What a comparison asks; `now()` is `now`, in milliseconds since 1970.
    static func nativeTest(_ comparison: Comparison, now: Int64) throws(SearchError) -> Test
    /// Reads an order of MLflow's, a key a clause.
    static func mlflowOrder(_ clauses: [String]) throws(SearchError) -> [SearchOrder<Field>]
    /// What a clause of an order names.
    static func nativeField(_ clause: OrderClause) throws(SearchError) -> Field
}

extension NativeSearchKind {
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

    /// Reads an order, a key a clause; a native clause may have several, with commas between them.
    package static func order(
        _ clauses: [String], dialect: SearchDialect
    ) throws(SearchError) -> [SearchOrder<Field>] {
        switch dialect {
        case .mlflow: try mlflowOrder(clauses)
        case .native: try SearchOrder.native(try OrderClause.all(clauses), nativeField)
        }
    }
}
