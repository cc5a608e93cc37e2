import AviaryTracking
import GRDB

/// What a job may use while it runs: one transaction of the writer.
struct WriteTransaction {
    let database: Database
    /// The number of this transaction, noted on every run that it touches.
    let revision: Int64
}

/// One caller's changes, which stand or fall together; several jobs share a transaction.
struct WriteJob: Sendable {
    /// About how many rows it adds.
    let rowCount: Int
    /// Makes the changes; what it returns is called once they are on disk.
    let perform: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
    /// Called instead if they are not.
    let fail: @Sendable (any Error) -> Void
}
