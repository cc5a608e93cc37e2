import AviaryServer
import AviaryTracking

/// One event of a stream.
struct ToldEvent: Sendable {
    let id: String
    let name: String
    let data: JSONValue
}

/// A client that follows a server's events.
struct EventReader {
    private let connection: Connection
    /// What came and was not understood yet: the head, and pieces that are not whole.
    private var bytes: [UInt8] = []
    private var isBody = false
    /// What of the body is no whole event yet.
    private var rest: [UInt8] = []
    private var firstID: String?
    private var events: [ToldEvent] = []

    /// Connects; `lastID` is what a browser sends after a pause.
    init(_ server: RunningServer, _ query: String = "", lastID: String? = nil) throws {
        connection = try Connection(port: server.port)
        let last = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        connection.send(
            "GET /api/v1/events\(query) HTTP/1.1\r\nHost: localhost:\(server.port)\r\n\(last)\r\n")
    }

    /// The id with which the stream begins; nothing that happens after it is missed.
    mutating func opening() async throws -> String {
        while true {
            if let firstID { return firstID }
            try await readMore()
        }
    }

    /// All events since the connection, once they are enough.
    mutating func events(until isEnough: ([ToldEvent]) -> Bool) async throws -> [ToldEvent] {
        while !isEnough(events) { try await readMore() }
        return events
    }

    private mutating func readMore() async throws {
        let more = try await connection.read { !$0.isEmpty }
        guard !more.isEmpty else { throw ConnectionFailure(problem: "hung up after: \(events)") }
        bytes += more
        if !isBody {
            guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            bytes.removeSubrange(..<head.upperBound)
            isBody = true
        }
        while let piece = takePiece() { rest += piece }
        while let end = rest.firstRange(of: [10, 10]) {
            take(String(decoding: rest[..<end.lowerBound], as: UTF8.self))
            rest.removeSubrange(..<end.upperBound)
        }
    }

    /// The next piece of a chunked body, if it is whole.
    private mutating func takePiece() -> ArraySlice<UInt8>? {
        guard let line = bytes.firstRange(of: [13, 10]) else { return nil }
        let digits = String(decoding: bytes[..<line.lowerBound], as: UTF8.self)
        guard let count = Int(digits, radix: 16), bytes.count >= line.upperBound + count + 2 else {
            return nil
        }
        let piece = bytes[line.upperBound..<line.upperBound + count]
        bytes.removeSubrange(..<(line.upperBound + count + 2))
        return count > 0 ? piece : nil
    }

    private mutating func take(_ block: String) {
        var fields: [String: String] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1].dropFirst()) }
        }
        if firstID == nil { firstID = fields["id"] }
        guard let name = fields["event"], let data = fields["data"] else { return }
        let json = try? JSONReader.read(Array(data.utf8))
        events.append(ToldEvent(id: fields["id"] ?? "", name: name, data: json ?? .null))
    }
}

extension JSONValue {
    /// The texts of a list; none of anything else.
    var texts: [String] { elements.compactMap(\.text) }

    var integer: Int64? {
        guard case .integer(let integer) = self else { return nil }
        return integer
    }
}

extension ToldEvent {
    /// Step and key of each point of an event `points`.
    var points: [String] {
        guard name == "points" else { return [] }
        return (data["series"]?.elements ?? []).flatMap { series in
            (series["points"]?.elements ?? []).map { point in
                "\(series["run"]?.text ?? "")/\(series["key"]?.text ?? "")/\(point["step"]?.integer ?? -1)"
            }
        }
    }
}
