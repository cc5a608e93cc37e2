import AviaryFiles
import Crypto
import Glibc

/// The SHA-256 of files on this disk.
package enum FileDigest {
    private static let chunkByteCount = 1 << 20

    /// The digest of a whole file, 64 lower-case hexadecimal digits; blocks.
    package static func sha256(of path: String) throws(TransferError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .missingFile(path: path) }
            throw .lastFailure(on: path)
        }
        defer { close(descriptor) }
        return try sha256(of: descriptor, named: path)
    }

    static func sha256(of descriptor: Int32, named path: String) throws(TransferError) -> String {
        var hash = SHA256()
        var chunk = [UInt8](repeating: 0, count: chunkByteCount)
        var offset: off_t = 0
        while true {
            let count = pread(descriptor, &chunk, chunkByteCount, offset)
            if count < 0 {
                if errno == EINTR { continue }
                throw .lastFailure(on: path)
            }
            if count == 0 { return Hexadecimal.text(of: hash.finalize()) }
            chunk.withUnsafeBytes { bytes in
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
            offset += off_t(count)
        }
    }
}
