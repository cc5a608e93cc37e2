import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension ArtifactUpload {
    /// Takes in the body as it comes, a piece at a time.
    ///
    /// Where a connection ends early, so does the body, and nobody says so: hence the count. A body that is sent in
    /// chunks says itself where it ends, and the parser refuses one that does not.
    func append(_ request: Request, limit: Int64 = .max) async throws {
        let declared = try request.declaredByteCount()
        if let declared, declared > limit { throw BodyTooLarge(limit: Int(limit)) }
        do {
            for try await piece in request.body {
                try await append(piece.readableBytesView)
                if byteCount > limit { throw BodyTooLarge(limit: Int(limit)) }
            }
        } catch {
            guard error is TrackingError || error is BodyTooLarge else { throw IncompleteBody() }
            throw error
        }
        guard let declared, byteCount != declared else { return }
        throw MLflowError.invalid("the body has \(byteCount) bytes, Content-Length says \(declared)")
    }
}

extension Request {
    /// What Content-Length says; `nil` of a body in chunks.
    fileprivate func declaredByteCount() throws(MLflowError) -> Int64? {
        guard let field = headers[.contentLength] else { return nil }
        guard let count = Int64(field), count >= 0 else {
            throw .invalid("Content-Length: '\(field.shortened())' is no number of bytes")
        }
        return count
    }

    /// The path that stands behind an endpoint's address.
    func wirePath(after address: String) throws(MLflowError) -> WirePath {
        for base in MLflowAddress.bases where uri.path.hasPrefix("\(base)\(address)/") {
            return try WirePath(
                String(uri.path.utf8.dropFirst(base.utf8.count + address.utf8.count + 1)) ?? "")
        }
        // The router overlooks empty parts; behind one nobody can say where the path begins.
        throw MLflowError(.endpointNotFound, "there is no such endpoint")
    }
}
