import AviaryTracking
import CAviarySQLite
import GRDB

/// How long a search may take.
package struct SearchTime: Sendable, Equatable {
    /// By the clock.
    package let limit: Duration
    /// Of the processor, so that other work on a busy machine does not count.
    package let workLimit: Duration

    package init(limit: Duration, workLimit: Duration? = nil) {
        self.limit = limit
        self.workLimit = workLimit ?? limit
    }
}

/// Ends a question that takes too long.
enum TimeLimit {
    /// Runs the body; a statement that still runs when the time is over is interrupted.
    ///
    /// - Throws: `TrackingError.searchTooLong` then.
    static func run<Value>(
        _ time: SearchTime, _ db: Database, _ body: (Deadline) throws -> Value
    ) throws -> Value {
        let deadline = Deadline(after: time)
        guard let connection = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        aviary_sqlite_set_deadline(connection, deadline.moments)
        defer { withExtendedLifetime(deadline) { aviary_sqlite_set_deadline(connection, nil) } }
        do {
            return try body(deadline)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            try deadline.check()
            throw error
        }
    }
}

/// The moment at which a question is given up; to be asked by the thread that made it.
final class Deadline {
    /// Where SQLite looks while a statement runs.
    fileprivate let moments: UnsafeMutablePointer<AviaryDeadline>
    private let time: SearchTime

    init(after time: SearchTime) {
        self.time = time
        moments = .allocate(capacity: 1)
        moments.initialize(
            to: aviary_sqlite_deadline(time.limit.wholeNanoseconds, time.workLimit.wholeNanoseconds))
    }

    deinit { moments.deallocate() }

    /// For work that no statement does, which looks itself whether the time is over.
    func check() throws(TrackingError) {
        switch aviary_sqlite_deadline_state(moments) {
        case AviaryDeadlineAhead: return
        case AviaryDeadlineWorkOver: throw .searchTooLong(limit: time.workLimit)
        default: throw .searchTooLong(limit: time.limit)
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
