import HTTPTypes
import Hummingbird
import HummingbirdCore

extension Request {
    private static let bodyLimit = 8 << 20

    /// The body as JSON; refuses other types, and bodies over 8 MiB whether they say so or not.
    func json() async throws -> JSONValue {
        guard mediaType == "application/json" else { throw Self.otherType }
        let bytes = try await self.bytes(upTo: Self.bodyLimit)
        do throws(JSONError) {
            return try JSONReader.read(bytes)
        } catch {
            throw APIError(.invalid, "the body is no JSON: \(error)")
        }
    }

    /// The same where a body may be left out; `nil` then.
    func jsonIfAny() async throws -> JSONValue? {
        guard mediaType == nil else { return try await json() }
        guard try await bytes(upTo: Self.bodyLimit).isEmpty else { throw Self.otherType }
        return nil
    }

    private static var otherType: APIError {
        APIError(
            .invalid, "the body should be JSON, with Content-Type: application/json",
            status: .unsupportedMediaType)
    }
}
