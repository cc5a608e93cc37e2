import ArgumentParser
import AviaryCatalogue
import Foundation

/// `aviary zoo`: the models that were trained here.
struct ZooCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "List, show, download and verify models.",
        subcommands: [ZooList.self, ZooShow.self, ZooPull.self, ZooVerify.self])
}

/// `aviary zoo list`: every entry of the catalogue.
struct ZooList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models.")

    @Flag(name: .long, help: "Print a JSON array.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() throws {
        let entries = try Catalogue.embedded().entries
        guard !json else { return try tell(jsonText(entries.map(\.json))) }
        let rows = entries.map { entry in
            [
                entry.name, entry.task, entry.dataset, String(entry.parameterCount),
                entry.figures["test/accuracy"].map { fixed($0, 4) } ?? "", entry.licence,
            ]
        }
        try printTable(["MODEL", "TASK", "DATASET", "PARAMETERS", "TEST/ACCURACY", "LICENCE"], rows)
    }
}

/// `aviary zoo show`: one entry with its card.
struct ZooShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a model and its card.")

    @Argument(help: "The model's name.")
    var model: String
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() throws {
        let catalogue = try Catalogue.embedded()
        let entry = try catalogue.entry(named: model)
        guard !json else { return try tell(jsonText(entry.json)) }
        try tell("\(entry.name): \(entry.summary)")
        try tell(
            "\(entry.parameterCount) parameters, \(entry.weights.byteCount) bytes, licence \(entry.licence)")
        try tell("sha256 \(entry.weights.sha256)\n")
        try tell(catalogue.card(of: entry) ?? "")
    }
}

/// `aviary zoo pull`: brings weights to this machine.
struct ZooPull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Download a model's weights, resumed and checked.")

    @Argument(help: "The model's name.")
    var model: String
    @Option(name: .long, help: "Another Aviary's address, the file's own, or a path.")
    var from: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let entry = try Catalogue.embedded().entry(named: model)
        let isTerminal = isatty(STDERR_FILENO) == 1
        let outcome = await Interrupts.shared.cancelling { [from] in
            try await WeightFiles.standard().pull(entry, from: from) { received, total in
                guard isTerminal else { return }
                let share = total > 0 ? 100 * received / total : 0
                say("\r\(entry.name) \(share) % of \(total) bytes")
            }
        }
        if isTerminal { say("\r\u{1B}[K") }
        do {
            let path = try outcome.get()
            try tell(json ? jsonText(["name": entry.name, "file": path]) : path)
        } catch CatalogueError.cancelled {
            say("interrupted; run the same command again to go on\n")
            throw ExitCode(130)
        }
    }
}

/// `aviary zoo verify`: whether weights here are what the catalogue says.
struct ZooVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the weights on this machine against the catalogue.")

    @Argument(help: "The model's name; all of them unless given.")
    var model: String?
    @Flag(name: .long, help: "Print a JSON array.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() throws {
        let catalogue = try Catalogue.embedded()
        let entries = try model.map { [try catalogue.entry(named: $0)] } ?? catalogue.entries
        let files = try entries.map { try WeightFiles.standard().verify($0) }
        let rows = zip(entries, files)
        if json {
            try tell(jsonText(rows.map { ["name": $0.name, "ok": true, "file": $1] as [String: Any] }))
        } else {
            for (entry, file) in rows { try tell("\(entry.name)\tok\t\(file)") }
        }
    }
}

extension CatalogueEntry {
    /// The entry as `/api/v1/models` tells it.
    var json: [String: Any] {
        [
            "name": name, "summary": summary, "task": task, "dataset": dataset, "licence": licence,
            "parameters": parameterCount, "figures": figures.mapValues(jsonNumber),
            "bytes": weights.byteCount,
            "sha256": weights.sha256, "recipe": recipe, "run": run ?? NSNull(),
        ]
    }
}
