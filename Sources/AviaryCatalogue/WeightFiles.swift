import AviaryTransfer
import Glibc

/// Where weights are on this machine.
public struct WeightFiles: Sendable, Equatable {
    /// Zoo folders, looked through in this order; weights are in `weights/` of each.
    public let folders: [String]
    /// The zoo folder that `pull` fills, looked through last.
    public let cache: String

    /// Looks in these folders.
    public init(folders: [String], cache: String) {
        self.folders = folders
        self.cache = cache
    }

    /// The first file of the right name and size; its bytes are not read.
    public func find(_ entry: CatalogueEntry) -> String? {
        candidates(entry).first { Self.byteCount(of: $0) == entry.weights.byteCount }
    }

    /// The first file that has exactly the bytes the catalogue says; reads it whole.
    public func verify(_ entry: CatalogueEntry) throws(CatalogueError) -> String {
        var damage: CatalogueError?
        for file in candidates(entry) where Self.byteCount(of: file) != nil {
            let found: String
            do {
                found = try FileDigest.sha256(of: file)
            } catch {
                found = "unreadable"
            }
            if found == entry.weights.sha256 { return file }
            let expected = entry.weights.sha256
            let problem = CatalogueError.weightsDamaged(
                model: entry.name, file: file, expected: expected, found: found)
            damage = damage ?? problem
        }
        throw damage ?? CatalogueError.weightsMissing(model: entry.name, folders: folders + [cache])
    }

    func file(_ entry: CatalogueEntry, in folder: String) -> String {
        "\(folder)/weights/\(entry.weights.file)"
    }

    private func candidates(_ entry: CatalogueEntry) -> [String] {
        (folders + [cache]).map { file(entry, in: $0) }
    }

    /// The size of a regular file; `nil` if there is none.
    private static func byteCount(of file: String) -> Int64? {
        var info = stat()
        guard stat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(info.st_size)
    }
}
