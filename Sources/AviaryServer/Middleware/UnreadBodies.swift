import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Reads what was left of a body once the answer is out, where the connection ends behind it.
///
/// Whoever sends a large body that is refused, as many clients do before they listen, would otherwise wait for somebody
/// to read it, and never see why it was refused (RFC 9112, section 9.6). Where the connection goes on, Hummingbird does
/// the same for the next request's sake.
struct UnreadBodies: RouterMiddleware {
    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let hasBody = request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil
        // Hummingbird compares with this very text.
        guard hasBody, request.headers[.connection] == "close" else {
            return try await next(request, context)
        }
        let body = WatchedBody(request.body)
        var watched = request
        watched.body = RequestBody(asyncSequence: body)
        var response = try await next(watched, context)
        guard !body.wasRead else { return response }
        let answer = response.body
        response.body = ResponseBody(contentLength: answer.contentLength) { writer in
            try await answer.write(writer)
            await body.readOn()
        }
        return response
    }
}

/// A body that knows whether it was read to its end.
private final class WatchedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: WatchedBody
        var pieces: RequestBody.AsyncIterator

        @concurrent mutating func next() async throws -> ByteBuffer? {
            let piece = try await pieces.next()
            if piece == nil { body.isRead.withLock { $0 = true } }
            return piece
        }
    }

    private static let patience = Duration.seconds(1)

    private let pieces: RequestBody
    private let isRead = Mutex(false)
    private let lastPiece = Mutex(ContinuousClock.now)

    init(_ pieces: RequestBody) {
        self.pieces = pieces
    }

    var wasRead: Bool { isRead.withLock { $0 } }

    /// Reads until the client has said all, hangs up, or is silent: it may wait to be asked for its body.
    func readOn() async {
        await withTaskGroup(of: Void.self) { group in
            lastPiece.withLock { $0 = .now }
            group.addTask {
                // A client that hangs up has said all that it will.
                _ = try? await self.reduce(into: ()) { _, _ in self.lastPiece.withLock { $0 = .now } }
            }
            group.addTask {
                while ContinuousClock.now - self.lastPiece.withLock({ $0 }) < Self.patience, !Task.isCancelled
                {
                    try? await Task.sleep(for: Self.patience / 4)  // cancelled when all is read
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: self, pieces: pieces.makeAsyncIterator())
    }
}
