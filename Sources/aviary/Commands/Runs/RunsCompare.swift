import ArgumentParser
import AviaryTracking
import AviaryTrackingStore

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
            .map { key in [key.text] + found.map { $0.params[key] ?? "" } }
            .filter { Set($0.dropFirst()).count > 1 }
        let metrics = Set(found.flatMap(\.metrics.keys)).sorted()
            .map { key in [key.text] + found.map { $0.metrics[key].map { fixed($0.last, 5) } ?? "" } }
        try printTable(header, params + metrics)
    }
}
