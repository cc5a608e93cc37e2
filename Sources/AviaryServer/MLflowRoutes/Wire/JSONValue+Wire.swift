// Single values as the protocol writes them; `nil` stands for the wrong type.
extension JSONValue {
    var wireText: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var wireBool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// A number without a fraction, also as `5.0` and `1e3`, or its decimal digits as a text.
    var wireInteger: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        case .text(let text) where text.isDecimalInteger: Int64(text)
        default: nil
        }
    }

    /// Whether it would be an integer if that had more than 64 bits.
    var isLargeWireInteger: Bool {
        switch self {
        case .largeInteger: true
        case .text(let text): text.isDecimalInteger && Int64(text) == nil
        default: false
        }
    }

    /// A number, also as a text, or what JSON has no number for.
    var wireDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .largeInteger(let digits): Double(digits)
        case .number(let value): value
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        case .text(let text): Self.number(in: text)
        default: nil
        }
    }

    /// The number that a text is as JSON writes it, without space around it.
    private static func number(in text: String) -> Double? {
        guard let first = text.utf8.first, let last = text.utf8.last,
            first == UInt8(ascii: "-") || isDigit(first), isDigit(last),
            let value = try? JSONReader.read(Array(text.utf8))
        else { return nil }
        return value.wireDouble
    }

    fileprivate static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension String {
    fileprivate var isDecimalInteger: Bool {
        let digits = hasPrefix("-") ? dropFirst() : self[...]
        return !digits.isEmpty
            && digits.utf8.allSatisfy { JSONValue.isDigit($0) }
    }
}
