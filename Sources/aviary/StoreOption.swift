import ArgumentParser
import Foundation

/// `--store`, and where the store is without it.
struct StoreOption: ParsableArguments {
    @Option(name: .long, help: "The store's folder (else AVIARY_STORE, else the nearest .aviary).")
    var store: String?

    /// The folder, found in the order that the manual names.
    ///
    /// What looks after a store on this machine passes `MLFLOW_TRACKING_URI` over, which is meant for clients.
    func folder(mayBeServer: Bool = true) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let named = [
            (store, "--store"), (environment["AVIARY_STORE"], "AVIARY_STORE"),
            (
                environment["MLFLOW_TRACKING_URI"].flatMap {
                    mayBeServer && $0.contains(/^https?:\/\//) ? $0 : nil
                },
                "MLFLOW_TRACKING_URI"
            ),
        ]
        for case (let value?, let origin) in named where !value.isEmpty {
            guard !value.contains("://") else {
                throw CommandFailure(
                    "\(origin) names the server \(value), and this version records in a folder only; "
                        + "name one with --store FOLDER")
            }
            return value
        }
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        while true {
            let candidate = folder.appendingPathComponent(".aviary")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate.path }
            guard folder.path != "/" else { return ".aviary" }
            folder.deleteLastPathComponent()
        }
    }
}
