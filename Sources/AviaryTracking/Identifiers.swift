/// Names one run: 32 lower-case hexadecimal digits, as MLflow writes them.
public struct RunID: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// The 32 digits.
    public let description: String

    /// Takes an identifier from outside; `nil` unless it is 32 lower-case hexadecimal digits.
    public init?(_ text: String) {
        let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard text.utf8.count == 32, isHexadecimal else { return nil }
        description = text
    }

    /// Draws a new identifier from the system's random numbers (122 bits, as a version 4 UUID has).
    public static func random() -> RunID {
        let digits = Array("0123456789abcdef")
        var generator = SystemRandomNumberGenerator()
        return RunID(
            drawn: String((0..<32).map { _ in digits[Int(generator.next(upperBound: 16 as UInt8))] }))
    }

    private init(drawn text: String) {
        description = text
    }

    /// Orders identifiers as text.
    public static func < (left: RunID, right: RunID) -> Bool {
        left.description < right.description
    }
}
