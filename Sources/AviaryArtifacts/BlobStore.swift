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
/// A file appears whole or not at all: it is written to `tmp/`, synced, given its name, and its folder synced. Equal
/// content is kept once. Calls block on the disk: not for Swift's cooperative pool.
package struct BlobStore: Sendable {
    static let draftPrefix = "blob-"

    private let folder: String
    private let blobs: String
    private let temporary: String

    /// Looks at `blobs/` and `tmp/` in this folder; both are made when something comes.
    package init(folder: String) {
        self.folder = folder
        blobs = folder + "/blobs"
        temporary = folder + "/tmp"
    }

    /// Where the blob is or would be.
    package func file(of sha256: String) -> String {
        "\(blobs)/\(sha256.prefix(2))/\(sha256)"
    }

    /// A file that grows aside; whoever asked for it discards it in the end.
    package func draft() throws(ArtifactError) -> BlobDraft {
        try onDisk { () throws(FileError) in _ = try Folder.make(temporary) }
        return try BlobDraft(in: temporary)
    }

    /// Begins a file that comes in parts, and takes away those that nobody goes on with.
    package func beginParts(of name: ArtifactPath, count: Int) throws(ArtifactError) -> FileParts {
        try onDisk { () throws(FileError) in _ = try Folder.make(temporary) }
        try sweepParts()
        return try FileParts(of: name, count: count, in: temporary)
    }

    /// The parts that were begun under this identifier; `nil` if there are none, or none any more.
    package func parts(_ id: String) throws(ArtifactError) -> FileParts? {
        try FileParts(id, in: temporary)
    }

    /// Makes a blob of what was written; once it returns it is on disk.
    ///
    /// The draft stays, and can be placed again should the blob be collected before anybody names it.
    package func place(_ draft: BlobDraft) throws(ArtifactError) -> Blob {
        let blob = try draft.finish()
        let file = self.file(of: blob.sha256)
        let parent = WholeFile.folder(of: file)
        try onDisk { () throws(FileError) in
            if try Folder.make(blobs) { try WholeFile.sync(folder: folder) }
            if try Folder.make(parent) { try WholeFile.sync(folder: blobs) }
            if !has(blob) { try name(draft.file, file) }
            // Also for a blob that was there: whoever placed it may not have come to its own sync yet.
            try WholeFile.sync(folder: parent)
        }
        return blob
    }

    /// Whether the blob is there, with all its bytes.
    package func has(_ blob: Blob) -> Bool { byteCount(of: blob.sha256) == blob.byteCount }

    /// The size of a blob; `nil` if it is not there.
    package func byteCount(of sha256: String) -> Int64? {
        var info = stat()
        guard lstat(file(of: sha256), &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(info.st_size)
    }

    package static func sha256(_ bytes: [UInt8]) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(of: hash.finalize())
    }

    /// A second name for the draft's bytes, in place of a damaged blob too.
    private func name(_ draft: String, _ file: String) throws(FileError) {
        if link(draft, file) == 0 { return }
        guard errno == EEXIST else { throw .last(file) }
        let aside = draft + ".placed"
        guard link(draft, aside) == 0, rename(aside, file) == 0 else { throw .last(file) }
        unlink(aside)  // link(2): of two names of one file, rename does nothing and leaves both
    }
}

// MARK: - What nobody wants any more

extension BlobStore {
    /// Takes away drafts whose writers are gone; what cannot be taken away now is tried the next time.
    package func sweep() throws(ArtifactError) {
        for name in try names(in: temporary) where name.hasPrefix(Self.draftPrefix) {
            let file = "\(temporary)/\(name)"
            let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(file) }
            close(descriptor)
        }
        try sweepParts()
    }

    private func sweepParts() throws(ArtifactError) {
        for name in try names(in: temporary) where name.hasPrefix(FileParts.folderPrefix) {
            try FileParts.removeIfOld("\(temporary)/\(name)")
        }
    }

    /// The digests of all blobs, in groups that lie in one folder each.
    package func groups() throws(ArtifactError) -> [[String]] {
        var groups: [[String]] = []
        for group in try names(in: blobs) where group.utf8.count == 2 {
            groups.append(try names(in: "\(blobs)/\(group)").filter { $0.utf8.count == 64 })
        }
        return groups
    }

    /// Frees a blob; one that is gone is none to free.
    package func remove(_ sha256: String) throws(ArtifactError) {
        let file = self.file(of: sha256)
        guard unlink(file) == 0 || errno == ENOENT else { throw ArtifactError(.last(file)) }
    }

    /// None of a folder that is not there.
    private func names(in folder: String) throws(ArtifactError) -> [String] {
        do throws(FileError) {
            return try Folder.names(in: folder)
        } catch .missing {
            return []
        } catch {
            throw ArtifactError(error)
        }
    }

    private func onDisk(_ body: () throws(FileError) -> Void) throws(ArtifactError) {
        do throws(FileError) {
            try body()
        } catch {
            throw ArtifactError(error)
        }
    }
}

extension ArtifactError {
    init(_ error: FileError) {
        self =
            switch error {
            case .full(let path): .full(path: path)
            case .missing(let path), .unusable(let path, _): .unusable(path: path, detail: error.reason)
            }
    }
}
