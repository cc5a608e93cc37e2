/// Why bytes are no JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Where, in bytes from the beginning.
    package let offset: Int
    package let problem: String

    package var description: String { "\(problem) at byte \(offset)" }
}
