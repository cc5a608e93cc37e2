import AviaryTracking
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What a client wants to be told beside which runs changed.
struct EventQuestion: Sendable {
    private static let runLimit = 20

    /// The runs whose new points come.
    let points: [RunID]
    /// The run whose console comes.
    let log: RunID?
    /// Where its console begins; `nil` begins with what is added to it from now on.
    let logOffset: Int64?
    /// What was told before; `nil` begins now.
    let seen: EventPosition?

    init(_ request: Request) throws {
        try request.checkQuery(["points", "log", "logOffset", "lastEventId"])
        points = try Self.runs(request)
        log = try request.query("log").map { try RunID($0, field: "log") }
        logOffset = try request.query("logOffset").map { text in
            guard let offset = Int64(digits: text) else {
                throw APIError(.invalid, "logOffset: '\(text.shortened())' is not a number of bytes")
            }
            return offset
        }
        seen = try Self.seen(request)
    }

    private static func runs(_ request: Request) throws -> [RunID] {
        let texts = try request.query("points")?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard texts.count <= runLimit else {
            throw APIError(.invalid, "points: \(texts.count) runs; at most \(runLimit) are followed")
        }
        var runs: [RunID] = []
        for text in texts {
            let run = try RunID(text, field: "points")
            if !runs.contains(run) { runs.append(run) }
        }
        return runs
    }

    /// The field wins: a browser that connects again asks the address of the first time.
    private static func seen(_ request: Request) throws -> EventPosition? {
        let field = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        let given = field.map { $0.isEmpty ? nil : ($0, "Last-Event-ID") } ?? nil
        let asked = try request.query("lastEventId").map { ($0, "lastEventId") }
        guard let (text, name) = given ?? asked else { return nil }
        guard let position = EventPosition(text) else {
            throw APIError(.invalid, "\(name): '\(text.shortened())' is no id of an event of this server")
        }
        return position
    }
}
