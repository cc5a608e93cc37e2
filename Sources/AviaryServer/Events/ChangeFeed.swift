import AviaryTracking
import AviaryTrackingStore
import Logging
import ServiceLifecycle
import Synchronization

/// Watches the store for all clients at once: one question every 200 ms, however many pages are open.
final class ChangeFeed: Service {
    enum Event: Sendable {
        case changes(Changes)
        /// Nothing happened for a while; writing it finds out who has gone.
        case heartbeat
    }

    /// What one client is told.
    struct Subscription {
        let id: Int
        /// Everything after this revision comes.
        let revision: Int64
        let events: AsyncStream<Event>
    }

    private struct State {
        var clients: [Int: AsyncStream<Event>.Continuation] = [:]
        var nextID = 0
        var revision: Int64 = 0
        var isOver = false
    }

    private static let interval = Duration.milliseconds(200)
    private static let heartbeatInterval = Duration.seconds(15)
    /// A client that is further behind is cut off; it comes back and asks from its last revision on.
    private static let backlogLimit = 256

    private let store: SQLiteStore
    private let logger: Logger
    private let state = Mutex(State())

    init(store: SQLiteStore, logger: Logger) {
        self.store = store
        self.logger = logger
    }

    /// Watches until the server stops, then ends every client's stream.
    func run() async throws {
        defer { end() }
        try? await cancelWhenGracefulShutdown { try await self.watch() }  // only cancellation ends it
    }

    func subscribe() -> Subscription {
        let (events, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: .bufferingOldest(Self.backlogLimit))
        let (id, revision, isOver) = state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            if !state.isOver { state.clients[id] = continuation }
            return (id, state.revision, state.isOver)
        }
        if isOver { continuation.finish() }
        return Subscription(id: id, revision: revision, events: events)
    }

    func unsubscribe(_ subscription: Subscription) {
        let continuation = state.withLock { $0.clients.removeValue(forKey: subscription.id) }
        continuation?.finish()
    }

    private func watch() async throws {
        let clock = ContinuousClock()
        var lastEvent = clock.now
        var isFailing = false
        var revision: Int64 = .max  // asks for the revision of now, for no runs
        while true {
            do throws(TrackingError) {
                let changes = try await store.changes(since: revision)
                isFailing = false
                let isNew = revision != .max && changes.revision > revision
                revision = changes.revision
                if isNew {
                    send(.changes(changes), revision: revision)
                    lastEvent = clock.now
                } else {
                    state.withLock { $0.revision = revision }
                }
            } catch {
                try Task.checkCancellation()  // a question that the end of the server cut short is no fault
                if !isFailing { logger.error("cannot watch the store: \(error)") }
                isFailing = true
            }
            if clock.now - lastEvent >= Self.heartbeatInterval {
                send(.heartbeat, revision: nil)
                lastEvent = clock.now
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func send(_ event: Event, revision: Int64?) {
        let slow = state.withLock { state in
            if let revision { state.revision = revision }
            let slow = state.clients.filter { client in
                if case .dropped = client.value.yield(event) { return true }
                return false
            }
            for id in slow.keys { state.clients[id] = nil }
            return slow
        }
        for continuation in slow.values { continuation.finish() }
    }

    private func end() {
        let clients = state.withLock { state in
            defer { state.clients = [:] }
            state.isOver = true
            return state.clients
        }
        for continuation in clients.values { continuation.finish() }
    }
}
