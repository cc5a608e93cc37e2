import ArgumentParser
import AviaryCatalogue
import Foundation

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
