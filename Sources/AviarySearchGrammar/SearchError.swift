/// Why a filter or an order is refused; the wording is for the person who wrote it.
package struct SearchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where, in characters from 1; `nil` where the protocol's words say no place.
    package let column: Int?
    /// What is wrong and what was expected.
    package let message: String

    package init(column: Int? = nil, message: String) {
        self.column = column
        self.message = message
    }

    package var description: String {
        column.map { "column \($0): \(message)" } ?? message
    }
}
