import AviaryTracking
import Glibc

/// The lock under which one connection of all processes writes or checkpoints.
///
/// SQLite before 3.51.3 can damage a write-ahead log when two connections checkpoint at once ("WAL-reset
/// bug"). Hence `store.lock` around each write transaction and each checkpoint, never longer. `store.turn` is
/// held only while waiting, so that a busy writer cannot overtake a waiting one.
final class StoreLock {
    private let files: StoreFiles
    private let lock: Int32
    private let turn: Int32

    /// Opens the two files, which are never removed.
    init(_ files: StoreFiles) throws(StoreProblem) {
        self.files = files
        let lock = try Self.openFile(files.lock)
        do throws(StoreProblem) {
            turn = try Self.openFile(files.turn)
        } catch {
            close(lock)
            throw error
        }
        self.lock = lock
    }

    deinit {
        close(lock)
        close(turn)
    }

    /// Waits, at most `StoreFiles.lockTimeout`, then runs `body` alone.
    ///
    /// Blocks the thread.
    func withLock<Value>(_ body: () throws -> Value) throws -> Value {
        let deadline = ContinuousClock.now + StoreFiles.lockTimeout
        try take(turn, until: deadline)
        do {
            try take(lock, until: deadline)
        } catch {
            flock(turn, LOCK_UN)
            throw error
        }
        flock(turn, LOCK_UN)
        defer { flock(lock, LOCK_UN) }
        return try body()
    }

    /// `flock` knows no time limit, so this asks again and again; a holder keeps it for a few milliseconds.
    private func take(_ descriptor: Int32, until deadline: ContinuousClock.Instant) throws(StoreProblem) {
        var pause: UInt32 = 50
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw StoreFiles.failure(files.lock) }
            guard ContinuousClock.now < deadline else {
                throw .busy(path: files.folder, waited: StoreFiles.lockTimeout)
            }
            usleep(pause)
            pause = min(pause * 2, 1000)
        }
    }

    private static func openFile(_ path: String) throws(StoreProblem) -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StoreFiles.failure(path) }
        return descriptor
    }
}
