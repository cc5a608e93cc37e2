import GRDB
import Synchronization

/// Data sets that were read lately: runs that used the same one share its texts, of which a profile alone may have
/// megabytes.
final class KnownDatasets: Sendable {
    private struct State {
        var all: [Int64: Dataset] = [:]
        /// Of all of them.
        var byteCount = 0
        /// Of all that were ever read.
        var readByteCount = 0
    }

    private static let byteLimit = 32 << 20

    private let state = Mutex(State())

    /// How much was read, what is forgotten included.
    var readByteCount: Int { state.withLock { $0.readByteCount } }

    func dataset(_ number: Int64, _ db: Database) throws -> Dataset {
        if let known = state.withLock({ $0.all[number] }) { return known }
        let dataset = try DatasetTable.dataset(number, db)
        state.withLock { state in
            let byteCount = dataset.byteCount
            if state.byteCount + byteCount > Self.byteLimit { (state.all, state.byteCount) = ([:], 0) }
            state.all[number] = dataset
            state.byteCount += byteCount
            state.readByteCount += byteCount
        }
        return dataset
    }
}

extension Dataset {
    /// Of its texts, about.
    fileprivate var byteCount: Int {
        [name, digest, sourceType, source, schema ?? "", profile ?? ""].reduce(0) { $0 + $1.utf8.count }
    }
}
