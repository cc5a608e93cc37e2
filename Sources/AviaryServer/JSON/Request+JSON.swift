import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Request {
    private static let bodyLimit = 8 << 20

    /// The body as JSON; refuses other types, and bodies over 8 MiB whether they say so or not.
    func json() async throws -> JSONValue {
        let type = headers[.contentType]?.split(separator: ";").first.map { String($0).lowercased() } ?? ""
        guard type.filter({ $0 != " " }) == "application/json" else {
            throw APIError(
                .invalid, "the body should be JSON, with Content-Type: application/json",
                status: .unsupportedMediaType)
        }
        let tooLarge = APIError(
            .invalid, "the body is larger than \(Self.bodyLimit) bytes", status: .contentTooLarge)
        let declared = headers[.contentLength].flatMap { Int($0) } ?? 0
        guard declared <= Self.bodyLimit else { throw tooLarge }
        var request = self
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        do throws(JSONError) {
            return try JSONReader.read(Array(buffer.readableBytesView))
        } catch {
            throw APIError(.invalid, "the body is no JSON: \(error)")
        }
    }
}
