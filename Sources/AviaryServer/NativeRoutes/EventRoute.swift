import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Tells clients what happens, as server-sent events that go on after a pause where they stopped.
struct EventRoute {
    let store: SQLiteStore
    let feed: ChangeFeed

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/events") { request, _ -> Response in
            let question = try EventQuestion(request)
            // Before the answer begins: what cannot be followed is refused.
            let follower = try await EventFollower(question, store)
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in
                    let subscription = feed.subscribe()
                    defer { feed.unsubscribe(subscription) }
                    try await tell(&writer, subscription, follower)
                    try await writer.finish(nil)
                })
        }
    }

    // Hummingbird's writer runs off any actor, so what uses it does too.
    @concurrent
    private func tell(
        _ writer: inout any ResponseBodyWriter, _ subscription: ChangeFeed.Subscription,
        _ follower: EventFollower
    ) async throws {
        var follower = follower
        try await writer.write(ServerSentEvent.opening(follower.position))
        // What was missed, and what happened since the request was read.
        try await follower.tell { try await writer.write($0.buffer) }
        for await _ in subscription.wakes {
            let before = follower.position
            try await follower.tell { try await writer.write($0.buffer) }
            if follower.position == before { try await writer.write(ServerSentEvent.heartbeat) }
        }
    }
}
