import AviaryFiles
import Glibc

/// A file on its way: `NAME.part` beside where it will be, locked against other processes while it is filled.
///
/// It stays on disk when a transfer stops half way, unless it is empty. Used on one thread.
final class PartFile {
    let path: String
    private(set) var byteCount: Int64
    private let descriptor: Int32
    private let destination: String

    private init(path: String, destination: String, descriptor: Int32, byteCount: Int64) {
        self.path = path
        self.destination = destination
        self.descriptor = descriptor
        self.byteCount = byteCount
    }

    /// Opens what an earlier transfer left, or begins anew; makes the folder.
    static func begin(for destination: String) throws(TransferError) -> PartFile {
        let path = destination + ".part"
        try onDisk { () throws(FileError) in try WholeFile.makeFolders(for: destination) }
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
            guard descriptor >= 0 else { throw .lastFailure(on: path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let isBusy = errno == EWOULDBLOCK
                let failure = TransferError.lastFailure(on: path)
                Glibc.close(descriptor)
                throw isBusy ? .busy(part: path) : failure
            }
            var mine = stat()
            var named = stat()
            // Between open and lock its last owner may have renamed or removed it: then it is not the one named so.
            if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
                return PartFile(
                    path: path, destination: destination, descriptor: descriptor,
                    byteCount: Int64(mine.st_size))
            }
            Glibc.close(descriptor)
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
        var offset = 0
        while offset < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(byteCount))
            if count < 0 {
                if errno == EINTR { continue }
                throw .lastFailure(on: path)
            }
            offset += count
            byteCount += Int64(count)
        }
    }

    /// Forgets what was there.
    func empty() throws(TransferError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .lastFailure(on: path) }
        byteCount = 0
    }

    func sha256() throws(TransferError) -> String {
        try FileDigest.sha256(of: descriptor, named: path)
    }

    /// Takes its place; once this returns it is on disk, whole.
    func moveIntoPlace() throws(TransferError) {
        guard fsync(descriptor) == 0 else { throw .lastFailure(on: path) }
        guard rename(path, destination) == 0 else { throw .lastFailure(on: destination) }
        try Self.onDisk { () throws(FileError) in
            try WholeFile.sync(folder: WholeFile.folder(of: destination))
        }
    }

    /// Removes it: what it holds is no use to anybody.
    func discard() {
        unlink(path)
    }

    /// Gives the file back to other processes; not to be used afterwards.
    func close() {
        if byteCount == 0 { discard() }
        Glibc.close(descriptor)
    }

    private static func onDisk(_ body: () throws(FileError) -> Void) throws(TransferError) {
        do throws(FileError) {
            try body()
        } catch {
            switch error {
            case .full(let path): throw .full(path: path)
            case .missing(let path), .unusable(let path, _): throw .unusable(path: path, detail: error.reason)
            }
        }
    }
}
