/// What a Range field asks of a file (RFC 9110, section 14).
package enum ByteRange: Equatable, Sendable {
    /// Everything: nothing was asked, or nothing that is understood.
    case whole
    case part(ClosedRange<Int64>)
    case unsatisfiable

    /// Reads the field for a file of so many bytes.
    package init(_ field: String?, byteCount: Int64) {
        self = Self.read(field, byteCount) ?? .whole
    }

    private static func read(_ field: String?, _ byteCount: Int64) -> ByteRange? {
        guard let field, field.lowercased().hasPrefix("bytes=") else { return nil }
        let ends = field.dropFirst("bytes=".count).split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        if ends[0].isEmpty {
            guard let count = number(ends[1]) else { return nil }
            guard count > 0, byteCount > 0 else { return .unsatisfiable }
            return .part(max(0, byteCount - count)...byteCount - 1)
        }
        guard let first = number(ends[0]) else { return nil }
        var last = Int64.max
        if !ends[1].isEmpty {
            guard let given = number(ends[1]), given >= first else { return nil }
            last = given
        }
        guard first < byteCount else { return .unsatisfiable }
        return .part(first...min(last, byteCount - 1))
    }

    /// Digits only: `Int64` would take a sign too.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }
}
