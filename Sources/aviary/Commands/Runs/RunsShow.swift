import ArgumentParser
import AviaryTracking
import AviaryTrackingStore

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
                    key.text, fixed(summary.last, 5), String(summary.step),
                    summary.minimum.map { fixed($0, 5) } ?? "",
                    summary.maximum.map { fixed($0, 5) } ?? "",
                ]
            })
        try tell("\nPARAMS")
        try printTable(
            ["KEY", "VALUE"], found.params.sorted { $0.key < $1.key }.map { [$0.key.text, $0.value] })
        try tell("\nTAGS")
        try printTable(
            ["KEY", "VALUE"], found.tags.sorted { $0.key < $1.key }.map { [$0.key.text, $0.value] })
        try tell("\nARTIFACTS")
        try printTable(["PATH", "BYTES"], artifacts.map { [$0.path, String($0.byteCount)] })
    }
}
