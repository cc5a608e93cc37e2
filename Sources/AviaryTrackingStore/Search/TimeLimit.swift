import AviaryTracking
import CAviarySQLite
import GRDB

/// Ends a question that takes too long.
enum TimeLimit {
    /// Runs the body; a statement that still runs when the time is over is interrupted.
    ///
    /// - Throws: `TrackingError.searchTooLong` then.
    static func run<Value>(
        _ limit: Duration, _ db: Database, _ body: () throws -> Value
    ) throws -> Value {
        guard let connection = db.sqliteConnection else { return try body() }
        var deadline = aviary_sqlite_deadline(limit.wholeNanoseconds)
        return try withUnsafePointer(to: &deadline) { deadline in
            aviary_sqlite_set_deadline(connection, deadline)
            defer { aviary_sqlite_set_deadline(connection, nil) }
            do {
                return try body()
            } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
                guard aviary_sqlite_is_over(deadline) else { throw error }
                throw TrackingError.searchTooLong(limit: limit)
            }
        }
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
