import ArgumentParser
import AviaryCatalogue

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
