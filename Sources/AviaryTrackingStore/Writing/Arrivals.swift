import Dispatch

/// Wakes the writer's thread, once for each piece of work.
///
/// Unchecked, because a semaphore may be used from any thread but its class does not say so on every platform.
struct Arrivals: @unchecked Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func signal() {
        semaphore.signal()
    }

    func wait() {
        semaphore.wait()
    }
}
