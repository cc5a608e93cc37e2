import Glibc

/// Reads and writes files as one piece; blocks on the disk.
package enum WholeFile {
    /// Every byte of a regular file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        // Not waiting: a pipe is refused below, whoever writes into it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unusable(path: path, reason: "it is not a regular file")
        }
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count, let start = buffer.baseAddress {
                let got = Glibc.read(descriptor, start + count, buffer.count - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = .last(path) }
                guard got > 0 else { return }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes `bytes` aside, syncs them and gives them the name `path`: whoever looks there sees the file of before
    /// or the new one, whole, also after a crash.
    ///
    /// `draft` is a new file on the same file system; without one it is named after `path` and this process.
    package static func write(
        _ bytes: [UInt8], to path: String, draft given: String? = nil, mode: UInt32 = 0o644
    ) throws(FileError) {
        let draft = given ?? "\(path).tmp-\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode_t(mode))
        guard descriptor >= 0 else { throw FileError.last(draft).naming(path) }
        do throws(FileError) {
            do throws(FileError) {
                try fill(descriptor, with: bytes, named: path)
            } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0, rename(draft, path) == 0 else { throw .last(path) }
        } catch {
            unlink(draft)
            throw error
        }
        try sync(folder: folder(of: path))
    }

    /// Makes what was renamed, made or removed in a folder last.
    package static func sync(folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last(folder) }
    }

    /// The folder that `path` names a file in.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the folder that `path` names a file in, and those above it, where they are missing.
    package static func makeFolders(for path: String) throws(FileError) {
        let folder = folder(of: path)
        if mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, folder != path else { throw .last(folder) }
        try makeFolders(for: folder)
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw .last(folder) }
    }

    private static func fill(
        _ descriptor: Int32, with bytes: [UInt8], named path: String
    ) throws(FileError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[offset...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last(path)
            }
            offset += count
        }
        guard fsync(descriptor) == 0 else { throw .last(path) }
    }
}

extension FileError {
    /// The same of the file that was meant, where a draft of it failed.
    fileprivate func naming(_ path: String) -> FileError {
        switch self {
        case .missing: .unusable(path: path, reason: "there is no folder \(WholeFile.folder(of: path))")
        case .full: .full(path: path)
        case .unusable(_, let reason): .unusable(path: path, reason: reason)
        }
    }
}
