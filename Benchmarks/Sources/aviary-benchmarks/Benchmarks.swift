import ArgumentParser
import Foundation

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aviary-benchmarks",
        abstract: "Times training steps of the engine; one JSON line a measurement.",
        discussion: """
            A step is forward, loss, backward and optimizer. Quote ratios of medians taken in one sitting, this program \
            and peers/torch_peer.py in turn: an absolute time of a shared machine says nothing.
            """)

    @Option(help: ArgumentHelp("Only these workloads, with commas between.", valueName: "names"))
    var only = ""

    @Option(help: "How many steps are timed.")
    var repeats = 7

    func validate() throws {
        guard repeats > 0 else { throw ValidationError("--repeats \(repeats): at least 1") }
        for name in chosen where !workloads.contains(where: { $0.name == name }) {
            let known = workloads.map(\.name).joined(separator: ", ")
            throw ValidationError("--only \(name): there is no such workload; there are \(known)")
        }
    }

    private var chosen: [String] { only.split(separator: ",").map(String.init) }

    func run() throws {
        for workload in workloads where chosen.isEmpty || chosen.contains(workload.name) {
            let times = milliseconds(of: workload.makeStep(), repeats: repeats)
            print(try Row(workload, times).json)
            fflush(nil)  // at once, also into a pipe
        }
    }
}
