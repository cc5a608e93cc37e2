#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reading files and folders, with the system's reason when it refuses.
enum DataFile {
    /// Every byte of the file at `path`.
    static func bytes(of path: String, remedy: String) throws(DatasetError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(path, errno, remedy) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal(path, errno, remedy) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is not a regular file")
        }
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            problem = fill(buffer, count: &count, from: descriptor)
        }
        guard problem == 0 else { throw refusal(path, problem, remedy) }
        return bytes
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder in the order of their bytes, which no locale changes; hidden ones are left out.
    static func names(in folder: String, remedy: String) throws(DatasetError) -> [String] {
        guard let stream = opendir(folder) else { throw refusal(folder, errno, remedy) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Reads until the buffer is full or the file ends, and gives the system's error number, 0 for none.
    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, count: inout Int, from descriptor: Int32
    ) -> Int32 {
        guard let start = buffer.baseAddress else { return 0 }
        while count < buffer.count {
            let got = read(descriptor, start + count, buffer.count - count)
            if got == 0 { break }
            if got > 0 {
                count += got
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    private static func refusal(_ path: String, _ number: Int32, _ remedy: String) -> DatasetError {
        if number == ENOENT { return .missing(path: path, remedy: remedy) }
        return .unreadable(path: path, reason: String(cString: strerror(number)))
    }
}
