import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A body is larger than its route takes.
struct BodyTooLarge: Error, CustomStringConvertible {
    let limit: Int

    var description: String { "the body is larger than \(limit) bytes" }
}

/// A body ended before its end, or its chunks are counted wrongly: the client's doing, and no failure of the server.
struct IncompleteBody: Error, CustomStringConvertible {
    var description: String { "the body did not come whole" }
}

extension Request {
    /// What the body is said to be, in lower case and without parameters; `nil` if nothing is said.
    var mediaType: String? { headers[.contentType].map { MediaType.name(in: $0) } }

    /// The whole body; `BodyTooLarge` if it has more bytes, whether it says so or not, `IncompleteBody` if it breaks off.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        let declared = headers[.contentLength].flatMap { Int($0) } ?? 0
        guard declared <= limit else { throw BodyTooLarge(limit: limit) }
        var request = self
        do {
            return Array(try await request.collectBody(upTo: limit).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw BodyTooLarge(limit: limit)
        } catch {
            try Task.checkCancellation()
            throw IncompleteBody()
        }
    }
}
