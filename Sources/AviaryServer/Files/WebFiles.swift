import AviaryArtifacts
import AviaryWebFiles
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// The pages and their parts, as they are inside the program.
struct WebFiles: Sendable {
    /// By the path in the folder `web`.
    private let files: [String: WebFile]

    static var embedded: WebFiles {
        var files: [String: WebFile] = [:]
        for index in 0..<aviary_web_file_count() {
            let file = aviary_web_file(index).pointee
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: Int(file.count)))
            let path = String(cString: file.path)
            files[path] = WebFile(path: path, bytes: bytes)
        }
        return WebFiles(files: files)
    }

    func response(_ path: String, to request: Request) throws -> Response {
        guard let file = files[path] else { throw APIError(.notFound, "there is no page or asset '\(path)'") }
        return file.response(to: request)
    }
}

/// One of the files, ready to be sent.
struct WebFile: Sendable {
    private let buffer: ByteBuffer
    private let tag: String
    private let contentType: String

    init(path: String, bytes: [UInt8]) {
        buffer = ByteBuffer(bytes: bytes)
        tag = "\"\(BlobStore.sha256(bytes))\""
        contentType = Self.contentType(of: path)
    }

    func response(to request: Request) -> Response {
        // Asked for each time, sent once: after an upgrade no page mixes old modules with new ones.
        let headers: HTTPFields = [.contentType: contentType, .eTag: tag, .cacheControl: "no-cache"]
        guard !request.headers.isKnown(tag) else { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }

    private static func contentType(of path: String) -> String {
        switch path.split(separator: ".").last ?? "" {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "json": "application/json; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        default: "text/plain; charset=utf-8"
        }
    }
}
