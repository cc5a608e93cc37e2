import ArgumentParser
import AviaryTracking
import AviaryTrackingStore
import Foundation

/// `aviary runs`: questions about recorded runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, show and compare recorded runs.",
        subcommands: [RunsList.self, RunsShow.self, RunsCompare.self])
}

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

/// `aviary runs show`: everything about one run.
struct RunsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one run.")

    @Argument(help: "The run's id, its first digits, or its name.")
    var run: String
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let wanted = run
        let (found, artifacts) = try await withStore(try store.folder()) { store in
            let run = try await store.run(matching: wanted)
            return (run, try await store.artifacts(of: run.id))
        }
        guard !json else { return try tell(jsonText(found.json)) }
        try tell("\(found.name)  \(found.id)")
        try tell("\(found.experiment), \(found.status.rawValue)\(found.isStale ? " (stale)" : "")")
        try tell("started \(found.startTime)" + (found.endTime.map { ", ended \($0)" } ?? ""))
        try tell("\nMETRICS")
        try printTable(
            ["KEY", "LAST", "STEP", "MIN", "MAX"],
            found.metrics.sorted { $0.key < $1.key }.map { key, summary in
                [
                    key, fixed(summary.last, 5), String(summary.step),
                    summary.minimum.map { fixed($0, 5) } ?? "",
                    summary.maximum.map { fixed($0, 5) } ?? "",
                ]
            })
        try tell("\nPARAMS")
        try printTable(["KEY", "VALUE"], found.params.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        try tell("\nTAGS")
        try printTable(["KEY", "VALUE"], found.tags.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        try tell("\nARTIFACTS")
        try printTable(["PATH", "BYTES"], artifacts.map { [$0.path, String($0.byteCount)] })
    }
}

/// `aviary runs compare`: where runs differ.
struct RunsCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Show where runs differ: params, and the last value of each metric."
    )

    @Argument(help: "Two runs or more: ids, first digits, or names.")
    var runs: [String]
    @Flag(name: .long, help: "Print a JSON array of the runs.")
    var json = false
    @OptionGroup var store: StoreOption

    func validate() throws {
        guard runs.count >= 2 else { throw ValidationError("Name at least two runs.") }
    }

    func run() async throws {
        let wanted = runs
        let found = try await withStore(try store.folder()) { store in
            var found: [Run] = []
            for run in wanted { found.append(try await store.run(matching: run)) }
            return found
        }
        guard !json else { return try tell(jsonText(found.map(\.json))) }
        let header = [""] + found.map { "\($0.name) \($0.id.description.prefix(8))" }
        let params = Set(found.flatMap(\.params.keys)).sorted()
            .map { key in [key] + found.map { $0.params[key] ?? "" } }
            .filter { Set($0.dropFirst()).count > 1 }
        let metrics = Set(found.flatMap(\.metrics.keys)).sorted()
            .map { key in [key] + found.map { $0.metrics[key].map { fixed($0.last, 5) } ?? "" } }
        try printTable(header, params + metrics)
    }
}

/// Opens the store for reading, asks, and closes it.
func withStore<Answer: Sendable>(
    _ folder: String, _ ask: (SQLiteStore) async throws -> Answer
) async throws -> Answer {
    let store = try await SQLiteStore.open(folder, .read)
    if let before = store.schemaBeforeOpening {
        say("the store was brought from schema \(before) to today's\n")
    }
    do {
        let answer = try await ask(store)
        try await store.close()
        return answer
    } catch {
        try await store.close()
        throw error
    }
}
