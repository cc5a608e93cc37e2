import AviaryTracking
import AviaryTrackingStore
import Foundation

/// Says that a process trains a run, for as long as it lives: a run cannot be resumed under a trainer's hands.
///
/// The kernel lets go of it when the process ends, however it ends, so a killed run can be resumed at once.
final class RunLock: Sendable {
    private let path: String
    private let descriptor: Int32

    init(_ run: RunID, beside checkpoint: String) throws {
        path = CheckpointPlace.lock(of: checkpoint)
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw CommandFailure("cannot open \(path): \(String(cString: strerror(errno)))")
            }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                close(descriptor)
                throw CommandFailure("run \(run) is being trained by another process; stop that one first")
            }
            // Between open and lock its last owner may have removed it: then it locks nobody else out.
            var (mine, named) = (stat(), stat())
            if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
