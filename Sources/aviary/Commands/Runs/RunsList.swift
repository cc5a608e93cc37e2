import ArgumentParser
import AviaryTracking
import AviaryTrackingStore

/// `aviary runs list`: the newest runs.
struct RunsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List runs, newest first.")

    @Option(name: .long, help: "Only those of this experiment.")
    var experiment: String?
    @Option(name: .long, help: "At most so many.")
    var limit = 100
    @Flag(name: .long, help: "Print a JSON array.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let limit = limit
        let runs = try await withStore(try store.folder()) {
            try await $0.runs(experiment: experiment, limit: limit, cursor: nil).runs
        }
        guard !json else { return try tell(jsonText(runs.map(\.json))) }
        let rows = runs.map { run in
            [
                String(run.id.description.prefix(8)), run.name, run.experiment,
                run.status.rawValue + (run.isStale ? " (stale)" : ""), run.startTime.description,
                run.metrics["test/accuracy"].map { fixed($0.last, 4) } ?? "",
                run.metrics["train/loss"].map { fixed($0.last, 4) } ?? "",
            ]
        }
        try printTable(
            ["RUN", "NAME", "EXPERIMENT", "STATUS", "STARTED", "TEST/ACCURACY", "TRAIN/LOSS"], rows)
    }
}
