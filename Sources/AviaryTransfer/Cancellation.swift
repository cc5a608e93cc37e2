import Dispatch
import Synchronization

/// Carries a task's cancellation to a thread that blocks.
final class Cancellation: Sendable {
    private let flag = Mutex(false)

    var isCancelled: Bool { flag.withLock { $0 } }

    func cancel() {
        flag.withLock { $0 = true }
    }

    /// Runs what waits for the network or the disk on a thread of its own.
    ///
    /// Swift's cooperative pool has few threads, and one that waits holds up everybody's tasks.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable (Cancellation) throws(TransferError) -> Value
    ) async throws(TransferError) -> Value {
        let cancellation = Cancellation()
        let result: Result<Value, TransferError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "aviary.transfer").async {
                    do throws(TransferError) {
                        let value = try body(cancellation)
                        continuation.resume(returning: .success(value))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }
}
