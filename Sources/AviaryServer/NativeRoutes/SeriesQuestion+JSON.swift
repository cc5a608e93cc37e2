import AviaryTracking
import AviaryTrackingStore

extension SeriesQuestion {
    private static let seriesLimit = 1000
    private static let bucketSumLimit = 1_000_000
    private static let fields = ["runs", "keys", "x", "from", "to", "buckets"]

    /// Reads what a client asks; `from` and `to` may be null or missing, `x` and `buckets` have usual values.
    init(json: JSONValue) throws(APIError) {
        guard case .object(let members) = json else { throw Self.wrong("the body", "should be an object") }
        for member in members where !Self.fields.contains(member.key) {
            throw Self.wrong(member.key, "is unknown; known: \(Self.fields.joined(separator: ", "))")
        }
        var runs: [RunID] = []
        for text in try Self.texts(json, "runs") {
            guard let id = RunID(text) else {
                throw Self.wrong("runs", "'\(text)' is not 32 lower-case hexadecimal digits")
            }
            runs.append(id)
        }
        self.init(
            runs: runs, keys: try Self.texts(json, "keys"), axis: try Self.axis(json["x"]),
            from: try Self.integer(json, "from"), to: try Self.integer(json, "to"),
            buckets: Int(try Self.integer(json, "buckets") ?? 500))
        try checkSize()
    }

    private func checkSize() throws(APIError) {
        guard (1...Self.bucketLimit).contains(buckets) else {
            throw Self.wrong("buckets", "\(buckets) is not within 1 to \(Self.bucketLimit)")
        }
        let (count, overflow) = runs.count.multipliedReportingOverflow(by: keys.count)
        guard !overflow, count <= Self.seriesLimit else {
            throw Self.wrong("runs", "times keys is more than \(Self.seriesLimit) series")
        }
        guard count * buckets <= Self.bucketSumLimit else {
            throw Self.wrong("buckets", "times series is more than \(Self.bucketSumLimit)")
        }
    }

    private static func wrong(_ field: String, _ problem: String) -> APIError {
        APIError(.invalid, "\(field): \(problem)")
    }

    private static func axis(_ json: JSONValue?) throws(APIError) -> SeriesAxis {
        switch json {
        case nil, .text("step"): return .step
        case .text("time"): return .time
        case .text("relative"): return .relative
        default: throw wrong("x", "takes step, time or relative")
        }
    }

    private static func texts(_ json: JSONValue, _ key: String) throws(APIError) -> [String] {
        guard case .array(let elements) = json[key] else { throw wrong(key, "should be a list of texts") }
        var texts: [String] = []
        for element in elements {
            guard case .text(let text) = element else { throw wrong(key, "should be a list of texts") }
            texts.append(text)
        }
        return texts
    }

    private static func integer(_ json: JSONValue, _ key: String) throws(APIError) -> Int64? {
        switch json[key] {
        case nil, .null: return nil
        case .integer(let value): return value
        default: throw wrong(key, "should be an integer")
        }
    }
}
