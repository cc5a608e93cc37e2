extension Comparison.Value {
    /// The number, if this is one.
    var number: Double? {
        guard case .number(let digits) = kind else { return nil }
        return Double(digits)
    }

    /// The number, if this is one without a fraction that fits 64 bits.
    var integer: Int64? {
        guard case .number(let digits) = kind else { return nil }
        return Int64(digits) ?? Double(digits).flatMap { Int64(exactly: $0) }
    }

    /// What stands in quotes, if anything does.
    var text: String? {
        guard case .text(let text) = kind else { return nil }
        return text
    }
}
