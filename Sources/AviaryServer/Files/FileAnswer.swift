import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A file of this disk as an answer, whole or in part.
struct FileAnswer {
    /// What of a file is in memory at a time.
    private static let pieceByteCount: Int64 = 32 << 10

    let file: String
    let byteCount: Int64
    /// Names these bytes and no others.
    let sha256: String
    let headers: HTTPFields

    func response(to request: Request) async throws -> Response {
        let tag = "\"\(sha256)\""
        var headers = self.headers
        headers[.eTag] = tag
        headers[.acceptRanges] = "bytes"
        if request.headers.isKnown(tag) { return Response(status: .notModified, headers: headers) }
        // If-Range: a part is no use to whoever has the beginning of another version.
        let isSameVersion = request.headers[.ifRange].map { $0 == tag } ?? true
        switch ByteRange(isSameVersion ? request.headers[.range] : nil, byteCount: byteCount) {
        case .whole:
            return Response(status: .ok, headers: headers, body: try await body(0..<byteCount))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(byteCount)"
            let body = try await body(part.lowerBound..<part.upperBound + 1)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(byteCount)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func body(_ range: Range<Int64>) async throws -> ResponseBody {
        let damage = DamagedFile(file: file, byteCount: byteCount)
        guard let open = try await OpenFile.open(file), open.byteCount == byteCount else { throw damage }
        return ResponseBody(contentLength: range.count) { writer in
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = min(Self.pieceByteCount, range.upperBound - offset)
                let piece = try await open.bytes(from: offset, upTo: Int(count))
                // The head is on its way; the client sees that less came than it says.
                guard piece.readableBytes > 0 else { throw damage }
                offset += Int64(piece.readableBytes)
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}

/// A file that should be served is gone, or not what it was; for the server's log.
struct DamagedFile: Error, CustomStringConvertible {
    let file: String
    let byteCount: Int64

    var description: String { "\(file) is missing, or has not the \(byteCount) bytes that it should have" }
}

extension HTTPFields {
    /// Whether the client has the version with this tag already.
    func isKnown(_ tag: String) -> Bool {
        self[values: .ifNoneMatch].contains { field in
            field.split(separator: ",").contains { known in
                let known = known.filter { $0 != " " }
                return known == "*" || known == tag || known == "W/\(tag)"
            }
        }
    }
}
