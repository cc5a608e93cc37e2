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
            guard let count = Int64(digits: ends[1]) else { return nil }
            guard count > 0, byteCount > 0 else { return .unsatisfiable }
            return .part(max(0, byteCount - count)...byteCount - 1)
        }
        guard let first = Int64(digits: ends[0]) else { return nil }
        var last = Int64.max
        if !ends[1].isEmpty {
            guard let given = Int64(digits: ends[1]), given >= first else { return nil }
            last = given
        }
        guard first < byteCount else { return .unsatisfiable }
        return .part(first...min(last, byteCount - 1))
    }
}
