import AviaryTracking

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
        guard location.hasPrefix(scheme + "/"), !location.hasPrefix(scheme + "//") else { return nil }
        let path = location.dropFirst(scheme.count).drop { $0 == "/" }
        return path.isEmpty ? nil : String(path)
    }

    /// Where a run's own recorder keeps its files: beside the label where that is not ours.
    static func path(of run: RunRow) -> String {
        path(of: run.artifactLocation) ?? "\(run.experimentID)/\(run.uuid)/artifacts"
    }
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
