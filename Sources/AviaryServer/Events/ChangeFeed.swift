import AviaryTracking
import AviaryTrackingStore
import Logging
import ServiceLifecycle
import Synchronization

/// Watches the store for all clients at once: one question every 200 ms, however many pages are open.
///
/// It only wakes them; each asks the store from where it was told last. A client that reads slowly is woken once for all
/// that happened meanwhile, so that nothing piles up for it.
final class ChangeFeed: Service {
    struct Subscription {
        let id: Int
        /// Comes after each change, and now and then without one: writing something finds out who has gone.
        let wakes: AsyncStream<Void>
    }

    private struct State {
        var clients: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextID = 0
        var isOver = false
    }

    private static let interval = Duration.milliseconds(200)
    private static let heartbeatInterval = Duration.seconds(15)

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
        let (wakes, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (id, isOver) = state.withLock { state in
            let id = state.nextID
            state.nextID += 1
            if !state.isOver { state.clients[id] = continuation }
            return (id, state.isOver)
        }
        if isOver { continuation.finish() }
        return Subscription(id: id, wakes: wakes)
    }

    func unsubscribe(_ subscription: Subscription) {
        let continuation = state.withLock { $0.clients.removeValue(forKey: subscription.id) }
        continuation?.finish()
    }

    private func watch() async throws {
        let clock = ContinuousClock()
        var lastWake = clock.now
        var isFailing = false
        var revision: Int64 = .max  // asks for the revision of now, for no runs
        while true {
            var isNew = false
            do throws(TrackingError) {
                let changes = try await store.changes(since: revision)
                isFailing = false
                isNew = changes.revision != revision
                revision = changes.revision
            } catch {
                try Task.checkCancellation()  // a question that the end of the server cut short is no fault
                if !isFailing { logger.error("cannot watch the store: \(error)") }
                isFailing = true
            }
            if isNew || clock.now - lastWake >= Self.heartbeatInterval {
                wake()
                lastWake = clock.now
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func wake() {
        let clients = state.withLock { $0.clients }
        for continuation in clients.values { continuation.yield() }
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
