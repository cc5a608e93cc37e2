import ArgumentParser
import AviaryCatalogue

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
