import AviaryTracking
import CAviarySQLite
import GRDB

/// Ends a question that takes too long.
enum TimeLimit {
    /// Runs the body; a statement that still runs when the time is over is interrupted.
    ///
    /// - Throws: `TrackingError.searchTooLong` then.
    static func run<Value>(
        _ limit: Duration, _ db: Database, _ body: (Deadline) throws -> Value
    ) throws -> Value {
        let deadline = Deadline(after: limit)
        guard let connection = db.sqliteConnection else { return try body(deadline) }
        return try withUnsafePointer(to: deadline.moment) { moment in
            aviary_sqlite_set_deadline(connection, moment)
            defer { aviary_sqlite_set_deadline(connection, nil) }
            do {
                return try body(deadline)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                try deadline.check()
                throw error
            }
        }
    }
}

/// The moment at which a question is given up.
struct Deadline: Sendable {
    /// On the clock of `aviary_sqlite_deadline`.
    fileprivate let moment: Int64
    private let limit: Duration

    init(after limit: Duration) {
        self.limit = limit
        moment = aviary_sqlite_deadline(limit.wholeNanoseconds)
    }

    /// For work that no statement does, which looks itself whether the time is over.
    func check() throws(TrackingError) {
        let isOver = withUnsafePointer(to: moment) { aviary_sqlite_is_over($0) }
        if isOver { throw .searchTooLong(limit: limit) }
    }
}

extension Duration {
    /// Rounded down; the greatest number where they are more than 64 bits hold.
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : nanoseconds.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }
}
