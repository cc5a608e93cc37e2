import ArgumentParser
import AviaryCatalogue

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
