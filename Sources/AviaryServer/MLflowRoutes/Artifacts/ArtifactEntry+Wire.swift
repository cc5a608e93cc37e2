import AviaryTrackingStore
import Hummingbird
import HummingbirdCore

extension ArtifactEntry {
    /// An empty file has no size here, as with MLflow.
    func wire(in folder: String) -> WireObject {
        let path = folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
        var file: WireObject = ["path": .text(path), "is_dir": .bool(byteCount == nil)]
        if let byteCount, byteCount > 0 { file.set("file_size", .integer(byteCount)) }
        return file
    }
}

extension Response {
    /// What lies in a folder of a run, or of whatever else has files; paths are below its root.
    static func artifacts(
        below root: ArtifactRoot, in path: WirePath?, _ store: SQLiteStore
    ) async throws -> Response {
        var entries: [ArtifactEntry] = []
        if let folder = root.folder {
            entries = try await store.artifactEntries(of: path?.below(folder).resolved ?? folder)
        }
        let prefix = path?.text ?? ""
        return try await .wireList(
            "files", after: (name: "root_uri", value: root.location),
            WireList(entries) { $0.wire(in: prefix) })
    }
}
