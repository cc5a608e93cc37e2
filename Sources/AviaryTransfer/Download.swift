import CAviaryCurl
import Glibc

/// How far a transfer is.
package struct TransferProgress: Sendable, Equatable {
    package let receivedByteCount: Int64
    package let totalByteCount: Int64
}

/// Brings one known file here, whole or not at all.
///
/// It grows as `DESTINATION.part`, is checked, and is renamed. What an interrupted transfer left is gone on from.
package struct Download: Sendable {
    /// An `http://`, `https://` or `file://` address, or a path.
    package let source: String
    package let destination: String
    package let byteCount: Int64
    /// 64 lower-case hexadecimal digits.
    package let sha256: String

    package init(source: String, destination: String, byteCount: Int64, sha256: String) {
        self.source = source
        self.destination = destination
        self.byteCount = byteCount
        self.sha256 = sha256
    }

    /// Brings the file; `progress` is called for every piece, on another thread.
    package func run(
        progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
    ) async throws(TransferError) {
        let origin = try Origin(source)
        try await Cancellation.run { (cancellation) throws(TransferError) in
            let part = try PartFile.begin(for: destination)
            defer { part.close() }
            try fill(part, from: origin, cancellation, progress)
            try part.moveIntoPlace()
        }
    }

    /// Fills the part with the right bytes.
    ///
    /// Bytes of an earlier transfer may be of another version of the file: if they lead to a wrong sum, they are
    /// forgotten and the file is brought once more.
    private func fill(
        _ part: PartFile, from origin: Origin, _ cancellation: Cancellation,
        _ progress: @escaping @Sendable (TransferProgress) -> Void
    ) throws(TransferError) {
        if part.byteCount > byteCount { try part.empty() }
        let isResumed = part.byteCount > 0
        try bring(part, from: origin, cancellation, progress)
        var found = try part.sha256()
        if found != sha256, isResumed {
            try part.empty()
            try bring(part, from: origin, cancellation, progress)
            found = try part.sha256()
        }
        guard found == sha256 else {
            part.discard()
            throw .wrongChecksum(source: source, expected: sha256, found: found)
        }
    }

    /// Fills the part up to its size.
    private func bring(
        _ part: PartFile, from origin: Origin, _ cancellation: Cancellation,
        _ progress: @escaping @Sendable (TransferProgress) -> Void
    ) throws(TransferError) {
        let take: (UnsafeRawBufferPointer) throws(TransferError) -> Void = {
            (bytes) throws(TransferError) in
            let found = part.byteCount + Int64(bytes.count)
            guard found <= byteCount else {
                throw .wrongSize(source: source, expected: byteCount, found: found)
            }
            try part.append(bytes)
            progress(TransferProgress(receivedByteCount: part.byteCount, totalByteCount: byteCount))
        }
        do throws(TransferError) {
            switch origin {
            case .file(let path):
                try copy(path, to: part, cancellation, take)
            case .http(let address):
                try fetch(address, to: part, cancellation, take)
            }
        } catch {
            if case .wrongSize = error { part.discard() }
            throw error
        }
    }

    private func fetch(
        _ address: String, to part: PartFile, _ cancellation: Cancellation,
        _ take: @escaping (UnsafeRawBufferPointer) throws(TransferError) -> Void
    ) throws(TransferError) {
        let offset = part.byteCount
        guard offset < byteCount else { return }
        var isFirst = true
        let outcome = try HTTPTransfer(address: address, offset: offset).run(cancellation) {
            (bytes, status) throws(TransferError) in
            guard status == 200 || status == 206 else { throw .refused(address: address, status: status) }
            // 200 is the whole file, whatever part of it was asked for.
            if isFirst, status == 200, part.byteCount > 0 { try part.empty() }
            isFirst = false
            try take(bytes)
        }
        if outcome.status == 416, offset > 0 {  // the file there is shorter than what is here
            try part.empty()
            return try fetch(address, to: part, cancellation, take)
        }
        try check(outcome, part, address: address, newByteCount: part.byteCount - offset)
    }

    private func check(
        _ outcome: HTTPOutcome, _ part: PartFile, address: String, newByteCount: Int64
    ) throws(TransferError) {
        if outcome.code == CURLE_OK, outcome.status != 200, outcome.status != 206 {
            throw .refused(address: address, status: outcome.status)
        }
        switch outcome.code {
        case CURLE_OK where part.byteCount == byteCount:
            return
        case CURLE_OK where outcome.declaredByteCount >= 0:
            throw .wrongSize(source: source, expected: byteCount, found: part.byteCount)
        case CURLE_ABORTED_BY_CALLBACK:
            throw .cancelled(part: part.path)
        case CURLE_HTTP_RETURNED_ERROR:
            throw .refused(address: address, status: outcome.status)
        default:
            guard newByteCount != 0 else { throw .unreachable(address: address, detail: outcome.detail) }
            throw .interrupted(
                address: address, received: part.byteCount, expected: byteCount, part: part.path,
                detail: outcome.detail)
        }
    }

    /// Copies a file of this disk; always from its beginning, reading is cheap.
    private func copy(
        _ path: String, to part: PartFile, _ cancellation: Cancellation,
        _ take: (UnsafeRawBufferPointer) throws(TransferError) -> Void
    ) throws(TransferError) {
        try part.empty()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .missingFile(path: path) }
            throw .lastFailure(on: path)
        }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            guard !cancellation.isCancelled else { throw .cancelled(part: part.path) }
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .lastFailure(on: path)
            }
            if count == 0 { break }
            try take(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        }
        guard part.byteCount == byteCount else {
            throw .wrongSize(source: source, expected: byteCount, found: part.byteCount)
        }
    }
}
