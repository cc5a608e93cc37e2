import CAviaryZlib

/// Inflating gzip files.
package enum Gzip {
    /// Why bytes are not a whole gzip file.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case damaged
        case truncated
        case tooLarge(limit: Int)
        case outOfMemory

        package var description: String {
            switch self {
            case .damaged: "its gzip data is corrupt"
            case .truncated: "its gzip data ends too early"
            case .tooLarge(let limit): "it inflates to more than \(limit) bytes"
            case .outOfMemory: "there is not enough memory to inflate it"
            }
        }
    }

    /// The bytes that `bytes`, a whole gzip file, stands for; at most `limit` of them.
    package static func inflate(_ bytes: [UInt8], limit: Int) throws(Problem) -> [UInt8] {
        var inflated: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let status = aviary_gzip_inflate(bytes, UInt(bytes.count), UInt(limit), &inflated, &count)
        defer { aviary_gzip_free(inflated) }
        switch status {
        case AVIARY_GZIP_OK: return Array(UnsafeBufferPointer(start: inflated, count: Int(count)))
        case AVIARY_GZIP_TRUNCATED: throw .truncated
        case AVIARY_GZIP_TOO_LARGE: throw .tooLarge(limit: limit)
        case AVIARY_GZIP_OUT_OF_MEMORY: throw .outOfMemory
        default: throw .damaged
        }
    }
}
