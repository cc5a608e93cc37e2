import Glibc

/// Wakes the writer's thread, once for each piece of work.
///
/// A POSIX semaphore, whose hand-over from thread to thread ThreadSanitizer sees. `@unchecked`: it is made to be used
/// from any thread, and its address never changes.
final class Arrivals: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        guard sem_init(semaphore, 0, 0) == 0 else {
            fatalError("no semaphore: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() {
        sem_post(semaphore)  // fails only at two thousand million waiting pieces of work
    }

    func wait() {
        while sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
