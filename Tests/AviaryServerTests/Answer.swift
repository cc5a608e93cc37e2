/// What the server said.
struct Answer {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Takes an answer apart.
    init(_ bytes: [UInt8]) throws {
        let separator = Array("\r\n\r\n".utf8)
        guard let range = bytes.firstRange(of: separator) else {
            throw ConnectionFailure(problem: "no head in: \(String(decoding: bytes, as: UTF8.self))")
        }
        let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            headers[parts[0].lowercased()] = String(value)
        }
        self.headers = headers
        let rest = bytes[range.upperBound...]
        body = headers["transfer-encoding"] == "chunked" ? Self.joined(rest) : Array(rest)
    }

    private static func joined(_ chunks: ArraySlice<UInt8>) -> [UInt8] {
        var body: [UInt8] = []
        var rest = chunks
        while let line = rest.firstRange(of: [13, 10]) {
            let digits = String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self)
            guard let count = Int(digits, radix: 16), count > 0 else { break }
            body += rest[line.upperBound..<line.upperBound + count]
            rest = rest[(line.upperBound + count + 2)...]
        }
        return body
    }
}

extension RunningServer {
    /// Asks one question on a connection of its own; `host` is the whole Host field's value.
    func ask(
        _ path: String, method: String = "GET", host: String? = nil, headers: [String] = [],
        body: String? = nil
    ) async throws -> Answer {
        let host = host ?? "127.0.0.1:\(port)"
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)", "Connection: close"]
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        lines += headers
        return try await ask(raw: lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    }

    /// Sends exactly this; it should make the server hang up.
    func ask(raw request: String) async throws -> Answer {
        let connection = try Connection(port: port)
        await connection.sendLong(request)
        return try Answer(try await connection.readAll())
    }

    func post(_ path: String, _ json: String) async throws -> Answer {
        try await ask(path, method: "POST", headers: ["Content-Type: application/json"], body: json)
    }
}
