import AviaryTracking
import AviaryTrackingStore

/// Asks for the points of one metric.
struct HistoryRequest: Sendable {
    private static let cursorName = "after"

    /// `nil` where the id is none: such a run has no points.
    let run: RunID?
    let key: String
    /// `nil` is all of them.
    let limit: Int?
    let cursor: HistoryCursor?

    init(fields: WireFields) throws(MLflowError) {
        run = RunID(try fields.runID())
        key = try fields.text(required: "metric_key")
        let limit = try fields.integer("max_results")
        let token = try fields.text("page_token")
        if let limit, limit <= 0 { throw .pageSize(limit, "It must be a positive integer.") }
        self.limit = limit.map { Int($0) }
        cursor = try token.flatMap { token throws(MLflowError) in try Self.cursor(in: token) }
    }

    /// A place in the series: pages that pass over so many points would take longer and longer.
    static func token(after cursor: HistoryCursor) -> String {
        PageToken.text([cursorName: .text(cursor.text)])
    }

    private static func cursor(in token: String) throws(MLflowError) -> HistoryCursor? {
        guard !token.isEmpty else { return nil }
        let json = try PageToken.json(in: token)
        guard case .text(let text)? = json[cursorName], let cursor = HistoryCursor(text) else {
            throw .invalid("Invalid page token, parsed value=\(json.messageText)")
        }
        return cursor
    }
}

/// Asks for the points of one metric of several runs.
struct BulkHistoryRequest: Sendable {
    /// In the order in which their points are told.
    let runs: [RunID]
    let key: String
    let limit: Int

    init(fields: WireFields) throws(MLflowError) {
        let runs = try fields.texts("run_id")
        let key = try fields.text("metric_key") ?? ""
        let limit = try fields.integer("max_results") ?? Int64(SQLiteStore.historyPageLimit)
        guard !runs.isEmpty else {
            throw .invalid("GetMetricHistoryBulk request must specify at least one run_id.")
        }
        guard runs.count <= 100 else {
            throw .invalid(
                "GetMetricHistoryBulk request cannot specify more than 100 run_ids. "
                    + "Received \(runs.count) run_ids.")
        }
        guard !key.isEmpty else { throw .invalid("GetMetricHistoryBulk request must specify a metric_key.") }
        guard limit >= 0 else { throw .pageSize(limit, "It must not be negative.") }
        self.runs = Set(runs.compactMap { RunID($0) }).sorted()
        self.key = key
        self.limit = Int(min(limit, Int64(SQLiteStore.historyPageLimit)))
    }
}

/// Asks for samples of the points of one metric of several runs.
struct IntervalHistoryRequest: Sendable {
    private static let reference = "See the API docs for more information about request parameters."
    private static let sampleLimit: Int64 = 2500

    let runs: [RunID]
    let key: String
    let steps: ClosedRange<Int64>
    let limit: Int

    init(fields: WireFields) throws(MLflowError) {
        let runs = try fields.texts(required: "run_ids")
        key = try fields.text(required: "metric_key")
        let start = try fields.integer("start_step")
        let end = try fields.integer("end_step")
        let limit = try fields.integer("max_results") ?? Self.sampleLimit
        guard runs.count <= 100 else {
            throw .invalid(
                "GetMetricHistoryBulkInterval request must specify at most 100 run_ids. "
                    + "Received \(runs.count) run_ids. \(Self.reference)")
        }
        guard (1...Self.sampleLimit).contains(limit) else {
            throw .invalid("max_results must be between 1 and \(Self.sampleLimit). \(Self.reference)")
        }
        self.runs = runs.compactMap { RunID($0) }
        self.limit = Int(limit)
        steps = try Self.steps(start, end)
    }

    private static func steps(_ start: Int64?, _ end: Int64?) throws(MLflowError) -> ClosedRange<Int64> {
        switch (start, end) {
        case (nil, nil): return .min ... .max
        case (let start?, let end?):
            guard start <= end else {
                throw .invalid(
                    "end_step must be greater than start_step. "
                        + "Found start_step=\(start) and end_step=\(end).")
            }
            return start...end
        default:
            throw .invalid("If either start step or end step are specified, both must be specified.")
        }
    }
}
