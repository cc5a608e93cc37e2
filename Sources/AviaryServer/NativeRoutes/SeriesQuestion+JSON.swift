import AviaryTracking
import AviaryTrackingStore

extension SeriesQuestion {
    private static let seriesLimit = 1000
    private static let bucketSumLimit = 1_000_000
    private static let axes: [(String, SeriesAxis)] = [
        ("step", .step), ("time", .time), ("relative", .relative),
    ]

    /// Reads what a client asks; `from` and `to` may be null or missing, `x` and `buckets` have usual values.
    init(json: JSONValue) throws(APIError) {
        let fields = try BodyFields(json, known: ["runs", "keys", "x", "from", "to", "buckets"])
        var runs: [RunID] = []
        for text in try fields.textList("runs") { runs.append(try RunID(text, field: "runs")) }
        self.init(
            runs: runs, keys: try fields.textList("keys"),
            axis: try fields.word("x", of: Self.axes) ?? .step, from: try fields.optionalInteger("from"),
            to: try fields.optionalInteger("to"),
            buckets: Int(try fields.optionalInteger("buckets") ?? 500))
        try checkSize()
    }

    private func checkSize() throws(APIError) {
        guard (1...Self.bucketLimit).contains(buckets) else {
            throw APIError(.invalid, "buckets: \(buckets) is not within 1 to \(Self.bucketLimit)")
        }
        let (count, overflow) = runs.count.multipliedReportingOverflow(by: keys.count)
        guard !overflow, count <= Self.seriesLimit else {
            throw APIError(.invalid, "runs: times keys is more than \(Self.seriesLimit) series")
        }
        guard count * buckets <= Self.bucketSumLimit else {
            throw APIError(.invalid, "buckets: times series is more than \(Self.bucketSumLimit)")
        }
    }
}
