import HTTPTypes
import Hummingbird
import HummingbirdCore

/// A file of this disk as an answer, whole or in part.
struct FileAnswer {
    let file: String
    let byteCount: Int64
    /// Names these bytes and no others.
    let sha256: String
    let headers: HTTPFields

    func response(to request: Request, _ context: ServerContext) async throws -> Response {
        let tag = "\"\(sha256)\""
        var headers = self.headers
        headers[.eTag] = tag
        headers[.acceptRanges] = "bytes"
        if request.headers.isKnown(tag) { return Response(status: .notModified, headers: headers) }
        // If-Range: a part is no use to whoever has the beginning of another version.
        let isSameVersion = request.headers[.ifRange].map { $0 == tag } ?? true
        let range = ByteRange(isSameVersion ? request.headers[.range] : nil, byteCount: byteCount)
        switch range {
        case .whole:
            let body = try await FileIO().loadFile(path: file, context: context)
            return Response(status: .ok, headers: headers, body: body)
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(byteCount)"
            let bytes = Int(part.lowerBound)...Int(part.upperBound)
            let body = try await FileIO().loadFile(path: file, range: bytes, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(byteCount)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }
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

    /// Makes browsers save the answer as a file of this name (RFC 6266).
    mutating func setAttachment(named name: String) {
        let plain = name.unicodeScalars.map { scalar in
            (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\" ? Character(scalar) : "_"
        }
        self[.contentDisposition] =
            "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(PercentEncoding.encode(name))"
    }
}
