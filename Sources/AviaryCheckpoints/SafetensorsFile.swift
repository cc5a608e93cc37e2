import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Safetensors {
    /// Reads a file.
    public init(contentsOf path: String) throws(CheckpointError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(file: path, problem: error.localizedDescription)
        }
        try self.init(data, named: path)
    }

    /// Writes a file aside, syncs it, and renames it into place: a reader sees the old one or the new one, whole.
    public func write(to path: String) throws(CheckpointError) {
        let aside = path + ".tmp-\(getpid())"
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unreadable(file: path, problem: systemError()) }
        let failure = bytes.withUnsafeBytes { raw -> String? in
            var offset = 0
            while offset < raw.count, let base = raw.baseAddress {
                let written = Glibc.write(descriptor, base + offset, raw.count - offset)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return systemError() }
                offset += written
            }
            return fsync(descriptor) == 0 ? nil : systemError()
        }
        close(descriptor)
        if let failure {
            unlink(aside)
            throw .unreadable(file: path, problem: failure)
        }
        guard rename(aside, path) == 0 else {
            let problem = systemError()
            unlink(aside)
            throw .unreadable(file: path, problem: problem)
        }
    }
}

private func systemError() -> String { String(cString: strerror(errno)) }
