import ArgumentParser
import AviaryCatalogue
import AviaryServer
import AviaryTrackingStore
import Foundation

/// `aviary serve`: shows a store's runs and offers the zoo.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the dashboard, the API and the zoo until Ctrl-C.")

    @Option(name: .long, help: "The address to listen on; loopback only in this version.")
    var host = "127.0.0.1"
    @Option(name: .long, help: "The port; 0 picks a free one.")
    var port = 5000
    @Option(name: .long, help: "A further name clients may call it by, as behind a proxy. May be repeated.")
    var allowHost: [String] = []
    @Option(
        name: .long,
        help: "How long what was deleted can be restored, as 12h, 30d or 4w; `never` frees nothing.",
        transform: TrashRetention.init)
    var trashRetention = TrashRetention.standard
    @Flag(name: .long, help: "Tell the address as a line of JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let folder = try store.folder(mayBeServer: false)
        let configuration = ServerConfiguration(
            host: host, port: port, allowedHosts: allowHost, trashRetention: trashRetention.duration)
        try configuration.check()
        // A store that is not there yet is made: a newcomer may well start the server first.
        let store = try await SQLiteStore.open(folder, .write(create: true))
        let (host, json) = (host, json)
        do {
            try await serve(
                configuration, store: store, catalogue: try Catalogue.embedded(), weights: .standard(),
                version: Version.current
            ) { port in
                let name = host.contains(":") ? "[\(host)]" : host
                let address = "http://\(name):\(port)"
                let line =
                    json
                    ? "{\"address\": \"\(address)\"}\n"
                    : "Aviary serves \(folder) at \(address) (Ctrl-C ends it)\n"
                say(line)
            }
        } catch {
            try await store.close()
            throw error
        }
        try await store.close()
    }
}
