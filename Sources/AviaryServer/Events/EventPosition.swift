/// How far a client was told everything; the id of each event, by which it goes on after a pause.
///
/// Written as `12` (all that changed up to revision 12), `12.11` (points up to revision 11) or `12.11.4096.89abcdef`
/// (the log up to byte 4096, which the last digits are a check of).
package struct EventPosition: Sendable, Equatable {
    package var changes: Int64
    package var points: Int64
    package var log: LogPlace?

    /// A place in a log, and what stood before it.
    package struct LogPlace: Sendable, Equatable {
        package let offset: Int64
        package let check: UInt32

        package init(offset: Int64, check: UInt32) {
            (self.offset, self.check) = (offset, check)
        }
    }

    package init(changes: Int64, points: Int64? = nil, log: LogPlace? = nil) {
        (self.changes, self.points, self.log) = (changes, points ?? changes, log)
    }

    /// Reads an id; `nil` if it is none that was given.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard [1, 2, 4].contains(parts.count), let changes = Int64(digits: parts[0]) else { return nil }
        self.init(changes: changes)
        guard parts.count > 1 else { return }
        guard let points = Int64(digits: parts[1]) else { return nil }
        self.points = points
        guard parts.count == 4 else { return }
        guard let offset = Int64(digits: parts[2]), parts[3].utf8.count == 8,
            let check = UInt32(parts[3], radix: 16)
        else { return nil }
        log = LogPlace(offset: offset, check: check)
    }

    package var text: String {
        guard let log else { return points == changes ? "\(changes)" : "\(changes).\(points)" }
        let digits = String(log.check, radix: 16)
        let zeros = String(repeating: "0", count: 8 - digits.utf8.count)
        return "\(changes).\(points).\(log.offset).\(zeros)\(digits)"
    }
}
