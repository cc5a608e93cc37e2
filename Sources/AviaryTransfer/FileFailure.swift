import Glibc

extension TransferError {
    /// What `errno` says of the last call on a file.
    static func lastFailure(on path: String) -> TransferError {
        switch errno {
        case ENOSPC, EDQUOT: .full(path: path)
        case let code: .unusable(path: path, detail: String(cString: strerror(code)))
        }
    }
}
