import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Answers with a tag, by which a client that has the answer already is spared it (RFC 9110, section 8.8).
///
/// A tag is what the answer depends on, which costs less than the answer. It is read before the answer, which may so be
/// newer than its tag and never older: hence the tags are weak.
struct AnswerTags: Sendable {
    let store: SQLiteStore
    /// Drawn at each start: another version of the program may write things otherwise, and a store that was put back
    /// from a backup counts the same revisions again.
    private let start = String(UInt64.random(in: 0...UInt64.max), radix: 36)

    init(_ store: SQLiteStore) {
        self.store = store
    }

    /// An answer that depends on the whole store.
    func response(
        to request: Request, _ json: () async throws -> JSONValue
    ) async throws -> Response {
        let state = try await store.state()
        return try await response(to: request, "\(state.revision)-\(state.staleCount)", json)
    }

    /// An answer that depends on one run.
    func response(
        to request: Request, of run: RunID, _ json: () async throws -> JSONValue
    ) async throws -> Response {
        let state = try await store.state(of: run)
        let experiment = state.experimentUpdatedAt.milliseconds
        let words = "\(state.revision)-\(experiment)-\(state.isStale ? 1 : 0)"
        return try await response(to: request, words, json)
    }

    private func response(
        to request: Request, _ words: String, _ json: () async throws -> JSONValue
    ) async throws -> Response {
        let tag = "W/\"\(start)-\(words)\""
        let fields: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]  // kept, and asked for each time
        guard !request.headers.isKnown(tag) else { return Response(status: .notModified, headers: fields) }
        var response = Response.json(try await json())
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}
