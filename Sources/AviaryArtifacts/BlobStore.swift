import AviaryFiles
import Crypto
import Glibc

/// What a stored file is known by: its content.
package struct Blob: Hashable, Sendable {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    package let sha256: String
    package let byteCount: Int64
}

/// Files kept under their SHA-256, in `blobs/ab/abcdef…` of a store's folder.
///
/// A file appears whole or not at all: it is written to `tmp/`, synced, renamed, and its folder synced. Equal
/// content is kept once. Calls block on the disk: not for Swift's cooperative pool.
package struct BlobStore: Sendable {
    private let blobs: String
    private let temporary: String

    /// Looks at `blobs/` and `tmp/` in this folder; both are made when something is put.
    package init(folder: String) {
        blobs = folder + "/blobs"
        temporary = folder + "/tmp"
    }

    /// Where the blob is or would be.
    package func file(of sha256: String) -> String {
        "\(blobs)/\(sha256.prefix(2))/\(sha256)"
    }

    /// Keeps the bytes; once it returns they are on disk.
    package func put(_ bytes: [UInt8]) throws(ArtifactError) -> Blob {
        let blob = Blob(sha256: Self.sha256(bytes), byteCount: Int64(bytes.count))
        let file = self.file(of: blob.sha256)
        let folder = "\(blobs)/\(blob.sha256.prefix(2))"
        try makeFolder(blobs)
        try makeFolder(temporary)
        if try makeFolder(folder) { try sync(folder: blobs) }
        if byteCount(of: file) != blob.byteCount {
            try write(bytes, to: file)
        }
        // Also for a blob that was there: whoever renamed it may not have come to its own sync yet.
        try sync(folder: folder)
        return blob
    }

    package static func sha256(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    private func write(_ bytes: [UInt8], to file: String) throws(ArtifactError) {
        let draft = "\(temporary)/blob-\(UInt64.random(in: 0...UInt64.max))"
        do {
            try WholeFile.write(bytes, to: file, draft: draft, mode: 0o600)
        } catch {
            throw ArtifactError(error)
        }
    }

    private func byteCount(of file: String) -> Int64? {
        var info = stat()
        guard lstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(info.st_size)
    }

    /// Makes the folder unless it is there; tells whether it made it.
    @discardableResult
    private func makeFolder(_ path: String) throws(ArtifactError) -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        guard errno == EEXIST else { throw ArtifactError(.last(path)) }
        return false
    }

    private func sync(folder: String) throws(ArtifactError) {
        do {
            try WholeFile.sync(folder: folder)
        } catch {
            throw ArtifactError(error)
        }
    }
}

extension ArtifactError {
    fileprivate init(_ error: FileError) {
        self =
            switch error {
            case .full(let path): .full(path: path)
            case .missing(let path), .unusable(let path, _): .unusable(path: path, detail: error.reason)
            }
    }
}
