import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Tells pages which runs changed, as server-sent events; the event's id is the store's revision.
struct EventRoute {
    let store: SQLiteStore
    let feed: ChangeFeed

    func add(to router: Router<ServerContext>) {
        router.get("/api/v1/events") { request, _ -> Response in
            let seen = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }.flatMap { Int64($0) }
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in
                    let subscription = feed.subscribe()
                    defer { feed.unsubscribe(subscription) }
                    try await tell(&writer, subscription, seen: seen)
                    try await writer.finish(nil)
                })
        }
    }

    // Hummingbird's writer runs off any actor, so what uses it does too.
    @concurrent
    private func tell(
        _ writer: inout any ResponseBodyWriter, _ subscription: ChangeFeed.Subscription, seen: Int64?
    ) async throws {
        var revision = subscription.revision
        // An id without data is no event, but what the browser sends as Last-Event-ID the next time.
        try await writer.write(ByteBuffer(string: "id: \(revision)\n\n"))
        // Asked of the store itself: the feed may not have looked for the first time yet.
        if let seen {
            let missed = try await store.changes(since: seen)
            revision = max(revision, missed.revision)
            if missed.revision > seen { try await writer.write(Self.event(missed)) }
        }
        for await event in subscription.events {
            switch event {
            case .changes(let changes) where changes.revision > revision:
                try await writer.write(Self.event(changes))
            case .changes:
                continue  // told already among those that were missed
            case .heartbeat:
                try await writer.write(ByteBuffer(string: ": alive\n\n"))
            }
        }
    }

    private static func event(_ changes: Changes) -> ByteBuffer {
        var json = JSONWriter()
        json.write([
            "revision": .integer(changes.revision),
            "runs": .array(changes.runs.map { .text($0.description) }),
        ])
        let data = String(decoding: json.bytes, as: UTF8.self)
        return ByteBuffer(string: "id: \(changes.revision)\nevent: changes\ndata: \(data)\n\n")
    }
}
