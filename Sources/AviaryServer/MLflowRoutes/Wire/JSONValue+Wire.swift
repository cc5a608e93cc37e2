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

    /// A number without a fraction, or its decimal digits as a text.
    var wireInteger: Int64? {
        switch self {
        case .integer(let value): value
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

    /// A number, or what JSON has no number for.
    var wireDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .largeInteger(let digits): Double(digits)
        case .number(let value): value
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        default: nil
        }
    }
}

extension String {
    fileprivate var isDecimalInteger: Bool {
        let digits = hasPrefix("-") ? dropFirst() : self[...]
        return !digits.isEmpty
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
