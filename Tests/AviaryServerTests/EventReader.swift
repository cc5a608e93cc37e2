import AviaryServer
import AviaryTracking
import Foundation

/// One event of a stream.
struct ToldEvent: Sendable {
    let id: String
    let name: String
    let data: JSONValue
}

/// A client that follows a server's events.
struct EventReader {
    private let connection: Connection
    private var bytes: [UInt8] = []

    /// Connects; `lastID` is what a browser sends after a pause.
    init(_ server: RunningServer, _ query: String = "", lastID: String? = nil) throws {
        connection = try Connection(port: server.port)
        let last = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        connection.send(
            "GET /api/v1/events\(query) HTTP/1.1\r\nHost: localhost:\(server.port)\r\n\(last)\r\n")
    }

    /// The id with which the stream begins; nothing that happens after it is missed.
    mutating func opening() async throws -> String {
        let text = try await text { $0.contains("id: ") && $0.contains("\n\n") }
        let line = text.split(separator: "\n").first { $0.hasPrefix("id: ") }
        return String(line?.dropFirst(4) ?? "")
    }

    /// All events since the connection, once they are enough.
    mutating func events(
        until isEnough: @escaping @Sendable ([ToldEvent]) -> Bool
    ) async throws -> [ToldEvent] {
        Self.events(in: try await text { isEnough(Self.events(in: $0)) })
    }

    private mutating func text(until isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
        let before = bytes
        if !isEnough(Self.body(of: before)) {
            bytes += try await connection.read { isEnough(Self.body(of: before + $0)) }
        }
        let text = Self.body(of: bytes)
        guard isEnough(text) else { throw ConnectionFailure(problem: "hung up after: \(text)") }
        return text
    }

    private static func events(in text: String) -> [ToldEvent] {
        // What follows the last empty line is no whole event yet.
        text.components(separatedBy: "\n\n").dropLast().compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { fields[String(parts[0])] = String(parts[1].dropFirst()) }
            }
            guard let name = fields["event"], let data = fields["data"] else { return nil }
            let json = try? JSONReader.read(Array(data.utf8))
            return ToldEvent(id: fields["id"] ?? "", name: name, data: json ?? .null)
        }
    }

    /// The body, whose last piece may not be whole.
    private static func body(of bytes: [UInt8]) -> String {
        guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return "" }
        var rest = bytes[head.upperBound...]
        var body: [UInt8] = []
        while let line = rest.firstRange(of: [13, 10]) {
            let digits = String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self)
            guard let count = Int(digits, radix: 16), count > 0 else { break }
            let piece = rest[line.upperBound...].prefix(count)
            body += piece
            rest = rest[line.upperBound...].dropFirst(count + 2)
        }
        return String(decoding: body, as: UTF8.self)
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
