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
        switch ByteRange(isSameVersion ? request.headers[.range] : nil, byteCount: byteCount) {
        case .whole where byteCount == 0:
            return Response(status: .ok, headers: headers, body: ResponseBody())
        case .whole:
            return Response(status: .ok, headers: headers, body: try await body(0...byteCount - 1, context))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(byteCount)"
            return Response(status: .partialContent, headers: headers, body: try await body(part, context))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(byteCount)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func body(_ range: ClosedRange<Int64>, _ context: ServerContext) async throws -> ResponseBody {
        let bytes = Int(range.lowerBound)...Int(range.upperBound)
        let body: ResponseBody
        do {
            body = try await FileIO().loadFile(path: file, range: bytes, context: context)
        } catch let error as HTTPError where error.status == .notFound {
            throw DamagedFile(file: file, byteCount: byteCount)  // what was asked for is known, so it is not a 404
        }
        // A file that is too short would come as a shorter part, and nobody would notice.
        guard body.contentLength == bytes.count else { throw DamagedFile(file: file, byteCount: byteCount) }
        return body
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
