import Glibc

/// Why a file cannot be read or written.
package enum FileError: Error, Equatable, CustomStringConvertible, Sendable {
    case missing(path: String)
    case full(path: String)
    case unusable(path: String, reason: String)

    /// What the system call that has just failed on `path` says.
    package static func last(_ path: String) -> FileError {
        let number = errno
        return switch number {
        case ENOENT: .missing(path: path)
        case ENOSPC, EDQUOT: .full(path: path)
        default: .unusable(path: path, reason: String(cString: strerror(number)))
        }
    }

    /// The sentence without the path, for errors that name it themselves.
    package var reason: String {
        switch self {
        case .missing: "there is no such file"
        case .full: "no space left on its disk; free some and run the same command again"
        case .unusable(_, let reason): reason
        }
    }

    package var description: String {
        switch self {
        case .missing(let path), .full(let path), .unusable(let path, _): "\(path): \(reason)"
        }
    }
}
