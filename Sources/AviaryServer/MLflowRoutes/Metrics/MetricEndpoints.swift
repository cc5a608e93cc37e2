import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import HummingbirdCore

/// The endpoints of the points of metrics.
struct MetricEndpoints {
    let store: SQLiteStore

    var all: [MLflowEndpoint] { [history, bulk, interval] }

    private var history: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/metrics/get-history", reading: HistoryRequest.init(fields:),
            streaming: { [store] request in
                try await .wireList("metrics", HistoryReading(store, request))
            })
    }

    private var bulk: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/metrics/get-history-bulk", reading: BulkHistoryRequest.init(fields:),
            streaming: { [store] request in
                var points: [RunPoint] = []
                var left = request.limit
                for run in request.runs where left > 0 {
                    let page = try await store.history(run, key: request.key, after: nil, limit: left)
                    points += page.points.map { RunPoint(run: run, point: $0) }
                    left -= page.points.count
                }
                return try await .wireList(
                    "metrics", writesEmpty: true, WireList(points) { $0.wire })
            })
    }

    private var interval: MLflowEndpoint {
        MLflowEndpoint(
            .get, at: "/2.0/mlflow/metrics/get-history-bulk-interval",
            reading: IntervalHistoryRequest.init(fields:),
            streaming: { [store] request in
                var points: [RunPoint] = []
                for run in request.runs {
                    let sample = try await store.sampledHistory(
                        run, key: request.key, steps: request.steps, limit: request.limit)
                    points += sample.map { RunPoint(run: run, point: $0) }
                }
                return try await .wireList("metrics", WireList(points) { $0.wire })
            })
    }
}

/// A point where points of several runs stand together.
private struct RunPoint: Sendable {
    let run: RunID
    let point: MetricPoint

    var wire: WireObject {
        var wire = point.wire
        wire.set("run_id", .text(run.description))
        return wire
    }
}

/// Goes through a series, a transaction for each page of the store's.
private struct HistoryReading: WireListSource {
    private let store: SQLiteStore
    private let request: HistoryRequest
    /// How many points may still come.
    private var left: Int
    private var cursor: HistoryCursor?
    private var isOver: Bool

    init(_ store: SQLiteStore, _ request: HistoryRequest) {
        self.store = store
        self.request = request
        left = request.limit ?? .max
        cursor = request.cursor
        isOver = request.run == nil
    }

    /// Where the client may go on, once all was read that it asked for.
    var nextPageToken: String? { isOver ? nil : cursor.map { HistoryRequest.token(after: $0) } }

    mutating func page() async throws -> [WireObject] {
        guard !isOver, left > 0, let run = request.run else { return [] }
        let limit = min(left, SQLiteStore.historyPageLimit)
        let page = try await store.history(run, key: request.key, after: cursor, limit: limit)
        left -= page.points.count
        cursor = page.next
        isOver = page.next == nil
        return page.points.map(\.wire)
    }
}
