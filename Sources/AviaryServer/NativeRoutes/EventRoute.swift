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
        _ = try await tell(&writer, &follower)
        for await _ in subscription.wakes {
            let isNew = try await tell(&writer, &follower)
            if !isNew { try await writer.write(ServerSentEvent.heartbeat) }
        }
    }

    /// Whether there was something to tell.
    @concurrent
    private func tell(
        _ writer: inout any ResponseBodyWriter, _ follower: inout EventFollower
    ) async throws -> Bool {
        let events = try await follower.look()
        for event in events { try await writer.write(event.buffer) }
        var isNew = !events.isEmpty
        while let event = try await follower.nextOfLog() {
            try await writer.write(event.buffer)
            isNew = true
        }
        return isNew
    }
}
