import AviaryTracking
import AviaryTrackingStore
import Logging
import ServiceLifecycle

/// Frees what is in the trash for longer than it is kept: when the server starts, and every hour.
struct TrashCollector: Service {
    private static let interval = Duration.seconds(3600)

    let store: SQLiteStore
    let retention: Duration
    let logger: Logger

    /// Collects until the server stops.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {  // only cancellation ends it
            while true {
                await collect()
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    /// What goes wrong is logged, and tried again an hour later.
    private func collect() async {
        do throws(TrackingError) {
            _ = try await store.freeTrash(before: .now - retention)
        } catch {
            // A question that the end of the server cut short is no fault.
            guard !Task.isCancelled else { return }
            logger.error("cannot free what is in the trash: \(error)")
        }
    }
}
