import AviaryFiles
import Glibc

/// One part of a file, by what its sender was told of it.
package struct FilePart: Sendable, Equatable {
    /// From 1.
    package let number: Int
    package let sha256: String

    package init(number: Int, sha256: String) {
        (self.number, self.sha256) = (number, sha256)
    }
}

/// A file that comes in parts, in any order and each as often as its sender likes: they lie in a folder of `tmp/` under
/// their numbers and digests until all are put together.
///
/// The folder outlives the process, so that a sender may go on after a restart. Calls block on the disk: not for Swift's
/// cooperative pool.
package struct FileParts: Sendable {
    static let folderPrefix = "parts-"
    /// How long a folder stays in which nothing happens.
    static let secondsOfPatience = 86_400
    private static let pieceByteCount = 1 << 20

    /// Drawn by lot: whoever knows it may send parts.
    package let id: String
    /// How many parts the file has.
    package let count: Int
    /// The name that it is to get.
    package let name: String
    private let folder: String

    /// Makes the folder.
    init(of name: ArtifactPath, count: Int, in temporary: String) throws(ArtifactError) {
        id = Hexadecimal.text(of: (0..<16).map { _ in UInt8.random(in: 0...255) })
        (self.count, self.name) = (count, name.text)
        folder = Self.folder(id, in: temporary)
        guard mkdir(folder, 0o700) == 0 else { throw ArtifactError(.last(folder)) }
        do throws(FileError) {
            try WholeFile.write(Array("\(count) \(name.text)".utf8), to: Self.label(in: folder))
        } catch {
            throw ArtifactError(error)
        }
    }

    /// Those that were begun under this identifier; `nil` if there are none, or none any more.
    init?(_ id: String, in temporary: String) throws(ArtifactError) {
        guard id.utf8.count == 32, Self.isHexadecimal(id) else { return nil }
        folder = Self.folder(id, in: temporary)
        let label: [UInt8]
        do throws(FileError) {
            label = try WholeFile.read(Self.label(in: folder))
        } catch .missing {
            return nil
        } catch {
            throw ArtifactError(error)
        }
        // As bytes: a mark that the name begins with would make one letter of itself and the space.
        let words = label.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard words.count == 2, let count = Int(String(decoding: words[0], as: UTF8.self)) else { return nil }
        (self.id, self.count, name) = (id, count, String(decoding: words[1], as: UTF8.self))
    }

    /// Whether the file was put together: a sender that did not hear so asks again.
    package var isDone: Bool { access(Self.mark(in: folder), F_OK) == 0 }

    /// Notes that the file was put together, and takes the parts away.
    package func finish() throws(ArtifactError) {
        do throws(FileError) {
            try WholeFile.write([], to: Self.mark(in: folder))
            let kept = [Self.mark(in: ""), Self.label(in: "")]
            for name in try Folder.names(in: folder) where !kept.contains("/\(name)") {
                unlink("\(folder)/\(name)")
            }
        } catch {
            throw ArtifactError(error)
        }
    }

    /// Keeps what was written as a part; `nil` if nobody waits for it any more.
    package func keep(_ draft: BlobDraft, number: Int) throws(ArtifactError) -> FilePart? {
        let part = FilePart(number: number, sha256: try draft.finish().sha256)
        let file = self.file(of: part)
        if link(draft.file, file) == 0 || errno == EEXIST { return part }
        guard errno == ENOENT else { throw ArtifactError(.last(file)) }
        return nil
    }

    /// Adds a part's bytes to a draft; `false` if no such part came.
    package func append(_ part: FilePart, to draft: BlobDraft) throws(ArtifactError) -> Bool {
        guard part.sha256.utf8.count == 64, Self.isHexadecimal(part.sha256) else { return false }
        let file = self.file(of: part)
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw ArtifactError(.last(file)) }
            return false
        }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: Self.pieceByteCount)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ArtifactError(.last(file)) }
            guard count > 0 else { return true }
            try draft.append(piece[..<count])
        }
    }

    /// Takes all of them away; what cannot be taken away now is old some day.
    package func remove() throws(ArtifactError) {
        try Self.remove(folder)
    }

    private func file(of part: FilePart) -> String { "\(folder)/\(part.number)-\(part.sha256)" }

    private static func folder(_ id: String, in temporary: String) -> String {
        "\(temporary)/\(folderPrefix)\(id)"
    }

    private static func label(in folder: String) -> String { "\(folder)/label" }
    private static func mark(in folder: String) -> String { "\(folder)/done" }

    private static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}

// MARK: - What nobody wants any more

extension FileParts {
    /// Takes a folder away in which nothing happened for long.
    static func removeIfOld(_ folder: String) throws(ArtifactError) {
        var info = stat()
        guard lstat(folder, &info) == 0, time(nil) - info.st_mtim.tv_sec > secondsOfPatience else { return }
        try remove(folder)
    }

    private static func remove(_ folder: String) throws(ArtifactError) {
        do throws(FileError) {
            for name in try Folder.names(in: folder) { unlink("\(folder)/\(name)") }
        } catch .missing {
            return
        } catch {
            throw ArtifactError(error)
        }
        rmdir(folder)
    }
}
