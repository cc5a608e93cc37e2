package import AviaryTracking

/// Where files are among all that a store keeps: paths below one root, as MLflow's proxied artifacts have them.
///
/// The files of a run lie below `EXPERIMENT/RUN/artifacts`, those of a logged model below
/// `EXPERIMENT/models/MODEL/artifacts`, unless the experiment was given a place of its own.
package enum ArtifactPlace {
    package static let scheme = "mlflow-artifacts:"

    static func ofExperiment(_ id: Int64) -> String { "\(scheme)/\(id)" }

    static func ofRun(_ run: RunID, in experiment: String) -> String {
        "\(withoutEndingSlashes(experiment))/\(run)/artifacts"
    }

    static func ofLoggedModel(_ model: String, in experiment: String) -> String {
        "\(withoutEndingSlashes(experiment))/models/\(model)/artifacts"
    }

    private static func withoutEndingSlashes(_ text: String) -> Substring {
        let slashes = text.utf8.reversed().prefix { $0 == UInt8(ascii: "/") }.count
        return Substring(text.utf8.dropLast(slashes))
    }

    /// The path of a place of ours; `nil` where the label names a place that the store never opens.
    package static func path(of location: String) -> String? {
        guard location.hasPrefix(scheme + "/"), !namesHost(location) else { return nil }
        // Clients take several slashes for one.
        let path = location.dropFirst(scheme.count).split(separator: "/").joined(separator: "/")
        return path.isEmpty ? nil : path
    }

    /// The path of a place of ours as it was written, and as it reads decoded: so clients' files lie below it.
    ///
    /// Empty for the root of all files; none where the place is not ours.
    static func paths(of location: String) -> Set<ExactKey> {
        guard location.hasPrefix(scheme + "/"), !namesHost(location) else { return [] }
        let parts = SourceAddress(location).parts.map { String(decoding: $0, as: UTF8.self) }
        return [ExactKey(path(of: location) ?? ""), ExactKey(parts.joined(separator: "/"))]
    }

    /// The same of a run's place; one beside the label where that is not ours.
    static func paths(of run: RunRow) -> Set<ExactKey> {
        let paths = paths(of: run.artifactLocation)
        return paths.isEmpty ? [ExactKey(path(of: run))] : paths
    }

    /// Whether a path is a folder, or below it, byte by byte; all is below the root.
    static func isWithin(_ folder: ExactKey, _ path: ExactKey) -> Bool {
        let (folder, path) = (folder.text.utf8, path.text.utf8)
        return folder.isEmpty
            || path.starts(with: folder)
                && (path.count == folder.count || path.dropFirst(folder.count).first == UInt8(ascii: "/"))
    }

    /// Whether a place of this scheme is one on another server: a host stands behind two slashes, and none behind three.
    package static func namesHost(_ location: String) -> Bool {
        let rest = location.dropFirst(scheme.count)
        return rest.hasPrefix("//") && !rest.hasPrefix("///") && rest.count > 2
    }

    /// Where a run's own recorder keeps its files: beside the label where that is not ours.
    static func path(of run: RunRow) -> String {
        path(of: run.artifactLocation) ?? "\(run.experimentID)/\(run.uuid)/artifacts"
    }

    /// The run whose file this would be, if it is one of a run.
    static func run(of path: String) -> RunID? {
        let parts = path.split(separator: "/")
        return zip(parts, parts.dropFirst()).lazy.compactMap { part, next in
            next == "artifacts" ? RunID(String(part)) : nil
        }.first
    }
}

/// Where the files of a run, a logged model or a version of a registered one are.
package struct ArtifactRoot: Sendable, Equatable {
    /// As clients are told.
    package let location: String
    /// The path among all that the store keeps; `nil` where the location is not ours, and never opened.
    package let folder: String?

    /// Of a location that may not be ours.
    init(location: String) {
        self.location = location
        folder = ArtifactPlace.path(of: location)
    }

    init(of run: RunRow) {
        location = run.artifactLocation
        folder = ArtifactPlace.path(of: run)
    }
}

/// What is at a path.
package enum FoundArtifact: Sendable, Equatable {
    /// A file, and where its bytes are on this disk.
    case file(Artifact, bytes: String)
    case folder
    case nothing
}

/// What lies in a folder of artifacts: a file, or a folder with something in it.
package struct ArtifactEntry: Sendable, Equatable {
    package let name: String
    /// `nil` of a folder.
    package let byteCount: Int64?
}

extension Artifact {
    func moved(to path: String) -> Artifact { Artifact(path: path, byteCount: byteCount, sha256: sha256) }
}
