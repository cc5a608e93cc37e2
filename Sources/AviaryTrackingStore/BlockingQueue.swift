import AviaryTracking
import Dispatch
import Synchronization

/// Where calls go that may wait long for the disk or for another process, one after the other.
///
/// Swift's cooperative pool has few threads, and one that waits holds up everybody's tasks. Unchecked, because
/// a dispatch queue may be used from any thread but its class does not say so on every platform.
struct BlockingQueue: @unchecked Sendable {
    private let queue: DispatchQueue
    /// Named in errors.
    private let folder: String

    init(label: String, folder: String) {
        queue = DispatchQueue(label: label)
        self.folder = folder
    }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws(TrackingError) -> Value {
        let result: Result<Value, TrackingError> = await withCheckedContinuation { continuation in
            queue.async { [folder] in
                do {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(TrackingError(error, in: folder)))
                }
            }
        }
        return try result.get()
    }
}

/// Several of them, so that one long sync does not hold up everybody else's files.
final class BlockingQueues: Sendable {
    private let queues: [BlockingQueue]
    private let turn = Mutex(0)

    init(label: String, folder: String, count: Int) {
        queues = (0..<count).map { BlockingQueue(label: "\(label).\($0)", folder: folder) }
    }

    /// Each in turn.
    var next: BlockingQueue {
        turn.withLock { turn in
            turn = (turn + 1) % queues.count
            return queues[turn]
        }
    }
}
