import AviaryTransfer
import Glibc

extension WeightFiles {
    /// Brings the weights of a model to this machine, checked, and returns the file.
    ///
    /// An interrupted pull goes on where it stopped. Without `source`, weights that are already in one of the
    /// folders are taken as they are.
    ///
    /// - Parameters:
    ///   - entry: What to bring.
    ///   - source: The address of another Aviary, of the file itself, or a path; `nil` takes the catalogue's.
    ///   - progress: Called with the bytes received and their total, often, on another thread.
    /// - Returns: The path of the weights.
    /// - Throws: What every source said, if none gave them.
    public func pull(
        _ entry: CatalogueEntry, from source: String? = nil,
        progress: @escaping @Sendable (Int64, Int64) -> Void = { _, _ in }
    ) async throws(CatalogueError) -> String {
        if let there = here(entry, isAnyFolderGood: source == nil) { return there }
        let destination = file(entry, in: cache)
        let sources = source.map { [Self.address(of: entry, at: $0)] } ?? entry.weights.sources
        guard !sources.isEmpty else { throw .noSource(model: entry.name) }
        var problems: [String] = []
        for source in sources {
            let download = Download(
                source: source, destination: destination, byteCount: entry.weights.byteCount,
                sha256: entry.weights.sha256)
            do throws(TransferError) {
                try await download.run { progress($0.receivedByteCount, $0.totalByteCount) }
                return destination
            } catch {
                if case .cancelled = error {
                    throw .cancelled(model: entry.name, detail: error.description)
                }
                problems.append(error.description)
            }
        }
        throw .notPulled(model: entry.name, problems: problems)
    }

    private func here(_ entry: CatalogueEntry, isAnyFolderGood: Bool) -> String? {
        let places = isAnyFolderGood ? self : WeightFiles(folders: [], cache: cache)
        return try? places.verify(entry)
    }

    /// The address of the file itself, from what somebody names as the place where it is.
    static func address(of entry: CatalogueEntry, at place: String) -> String {
        let file = entry.weights.file
        let trimmed = place.hasSuffix("/") ? String(place.dropLast()) : place
        if trimmed.hasPrefix("http://") || trimmed.hasPrefix("https://") {
            return trimmed.hasSuffix("/\(file)") ? trimmed : "\(trimmed)/zoo/weights/\(file)"
        }
        let path = trimmed.hasPrefix("file://") ? String(trimmed.dropFirst("file://".count)) : trimmed
        for folder in ["\(path)/weights", path] where access("\(folder)/\(file)", F_OK) == 0 {
            return "\(folder)/\(file)"
        }
        return place
    }
}
