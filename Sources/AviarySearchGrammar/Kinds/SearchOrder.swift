/// One key of an order; earlier ones weigh more.
package struct SearchOrder<Field: Sendable & Hashable>: Sendable, Hashable {
    package let field: Field
    package let isAscending: Bool

    package init(_ field: Field, isAscending: Bool = true) {
        self.field = field
        self.isAscending = isAscending
    }
}
