import AviaryFiles
import Crypto
import Glibc
import Synchronization

/// A blob on its way: bytes that come piece by piece go into a file of `tmp/` and are hashed as they are written.
///
/// The file is locked as long as somebody writes it, so that `BlobStore.sweep` can tell it from one whose writer was
/// killed. Calls block on the disk: not for Swift's cooperative pool.
package final class BlobDraft: Sendable {
    private struct Content {
        var hash = SHA256()
        var byteCount: Int64 = 0
        /// Once the file is on disk.
        var blob: Blob?
        var isOpen = true
    }

    let file: String
    private let descriptor: Int32
    private let content = Mutex(Content())

    /// Makes a file in this folder.
    init(in folder: String) throws(ArtifactError) {
        while true {
            let file = "\(folder)/\(BlobStore.draftPrefix)\(UInt64.random(in: 0...UInt64.max))"
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw ArtifactError(.last(file)) }
            var info = stat()
            // Before it was locked a sweeper may have taken it away: then it is nobody's.
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &info) == 0, info.st_nlink > 0 {
                self.file = file
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            unlink(file)
        }
    }

    deinit { discard() }

    /// How many bytes came so far.
    package var byteCount: Int64 { content.withLock { $0.byteCount } }

    package func append(_ bytes: some Collection<UInt8>) throws(ArtifactError) {
        // The call that lends the memory rethrows any error, but does not say which.
        let outcome = bytes.withContiguousStorageIfAvailable { bytes in
            Result { () throws(ArtifactError) in try append(UnsafeRawBufferPointer(bytes)) }
        }
        guard let outcome else { return try append(Array(bytes)) }
        try outcome.get()
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws(ArtifactError) {
        try content.withLock { (content) throws(ArtifactError) in
            var rest = bytes
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = write(descriptor, start, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw ArtifactError(.last(file))
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            content.hash.update(bufferPointer: bytes)
            content.byteCount += Int64(bytes.count)
        }
    }

    /// Syncs the file; nothing is appended afterwards.
    func finish() throws(ArtifactError) -> Blob {
        try content.withLock { (content) throws(ArtifactError) in
            if let blob = content.blob { return blob }
            guard fsync(descriptor) == 0 else { throw ArtifactError(.last(file)) }
            let blob = Blob(
                sha256: Hexadecimal.text(of: content.hash.finalize()), byteCount: content.byteCount)
            content.blob = blob
            return blob
        }
    }

    /// Takes the file away; a blob that was made of it stays.
    package func discard() {
        content.withLock { content in
            guard content.isOpen else { return }
            content.isOpen = false
            unlink(file)
            close(descriptor)
        }
    }
}
