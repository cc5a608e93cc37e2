import Glibc
import NIOCore
import NIOPosix

/// A file that is open to be sent: its bytes stay until it is closed, also where its name is taken away meanwhile.
final class OpenFile: Sendable {
    let byteCount: Int64
    private let descriptor: Int32

    /// Opens a regular file, on a thread that may wait for the disk; `nil` if there is none.
    static func open(_ path: String) async throws -> OpenFile? {
        try await NIOThreadPool.singleton.runIfActive { OpenFile(path) }
    }

    private init?(_ path: String) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        byteCount = Int64(info.st_size)
    }

    deinit { close(descriptor) }

    /// At most so many bytes from a place on; none behind the end, and where the disk does not give them.
    func bytes(from offset: Int64, upTo count: Int) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
                while true {
                    let got = pread(descriptor, memory.baseAddress, min(count, memory.count), off_t(offset))
                    if got >= 0 || errno != EINTR { return max(0, got) }
                }
            }
            return buffer
        }
    }
}
