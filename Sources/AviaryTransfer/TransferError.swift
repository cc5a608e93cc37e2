/// Why a file did not come.
package enum TransferError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The address is neither http(s) nor a file.
    case unsupportedAddress(String)
    /// There is no file at this path.
    case missingFile(path: String)
    /// Nobody answered, or not in a way that could be understood.
    case unreachable(address: String, detail: String)
    /// The answer was not the file.
    case refused(address: String, status: Int)
    /// It stopped half way; what came is in `part`.
    case interrupted(address: String, received: Int64, expected: Int64, part: String, detail: String)
    /// Somebody asked to stop; what came is in `part`.
    case cancelled(part: String)
    /// There are more or fewer bytes than there should be.
    case wrongSize(source: String, expected: Int64, found: Int64)
    /// The bytes are not those that were asked for.
    case wrongChecksum(source: String, expected: String, found: String)
    /// Another process is bringing the same file.
    case busy(part: String)
    /// The disk is full.
    case full(path: String)
    /// Reading or writing on this disk failed.
    case unusable(path: String, detail: String)

    /// One sentence: what is wrong, with what, and what to do.
    package var description: String {
        switch self {
        case .unsupportedAddress(let address):
            "cannot fetch '\(address)'; give an http:// or https:// address, or a file's path"
        case .missingFile(let path):
            "there is no file at \(path)"
        case .unreachable(let address, let detail):
            "cannot fetch \(address): \(detail)"
        case .refused(let address, let status):
            "cannot fetch \(address): the server answered \(status)"
        case .interrupted(let address, let received, let expected, let part, let detail):
            "\(address) stopped after \(received) of \(expected) bytes (\(detail)); they are kept in \(part), "
                + "run the same command again to go on from there"
        case .cancelled(let part):
            "stopped; what came is kept in \(part), run the same command again to go on from there"
        case .wrongSize(let source, let expected, let found):
            "\(source) is not the file that was asked for: it has \(found) bytes instead of \(expected); "
                + "nothing was kept"
        case .wrongChecksum(let source, let expected, let found):
            "\(source) is damaged or another file: its SHA-256 is \(found) instead of \(expected); "
                + "nothing was kept"
        case .busy(let part):
            "another process is writing \(part); wait for it"
        case .full(let path):
            "no space left on the disk that holds \(path); free some and run the same command again"
        case .unusable(let path, let detail):
            "cannot use \(path): \(detail)"
        }
    }
}
