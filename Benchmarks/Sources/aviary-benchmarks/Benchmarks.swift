import ArgumentParser
import Foundation

@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aviary-benchmarks",
        abstract: "Times training steps of the engine; one JSON line a measurement.",
        discussion: """
            A step is forward, loss, backward and optimizer; each measurement has a process of its own. Quote ratios of \
            medians taken in one sitting, this program and peers/torch_peer.py in turn, as compare.py does: an absolute \
            time of a shared machine says nothing.
            """)

    @Option(help: ArgumentHelp("Only these workloads, with commas between.", valueName: "names"))
    var only = ""

    @Option(help: ArgumentHelp("Only these variants, with commas between.", valueName: "names"))
    var variants = ""

    @Option(help: "How many steps are timed; of mlp-784 and two-tower 20 times as many.")
    var repeats = 7

    @Option(help: "How many threads compute.")
    var threads = 2

    @Flag(help: "Forward passes in evaluation mode as well.")
    var inference = false

    @Flag(help: "Name the measurements, and time none.")
    var list = false

    @Option(
        help: ArgumentHelp("Write initial weights and batches there, and time nothing.", valueName: "folder"))
    var export: String?

    @Option(
        help: ArgumentHelp(
            "Compute losses and gradients of what is exported there, and time nothing.", valueName: "folder"))
    var check: String?

    func validate() throws {
        guard repeats > 0 else { throw ValidationError("--repeats \(repeats): at least 1") }
        let processors = try Program.processorCount
        guard (1...processors).contains(threads) else {
            throw ValidationError("--threads \(threads): this machine has \(processors) processors")
        }
        guard export == nil || check == nil else { throw ValidationError("--export or --check, not both") }
        let all = Measurement.all(withInference: inference)
        try refuseUnknown("--only", words(only), known: workloads.map(\.name))
        try refuseUnknown("--variants", words(variants), known: all.map(\.name))
        guard !chosen.isEmpty else {
            throw ValidationError("--only \(only) --variants \(variants): nothing is left")
        }
    }

    private func words(_ list: String) -> [String] { list.split(separator: ",").map(String.init) }

    private func refuseUnknown(_ option: String, _ words: [String], known: [String]) throws {
        for word in words where !known.contains(word) {
            let names = known.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            throw ValidationError(
                "\(option) \(word): there is none; there are \(names.joined(separator: ", "))")
        }
    }

    private var chosen: [Measurement] {
        let (workloads, variants) = (words(only), words(variants))
        return Measurement.all(withInference: inference).filter {
            (workloads.isEmpty || workloads.contains($0.workload.name))
                && (variants.isEmpty || variants.contains($0.name))
        }
    }

    func run() throws {
        if list {
            for measurement in chosen { try show(Listing(measurement)) }
        } else if let export {
            let names = Set(chosen.map(\.workload.name))
            for workload in workloads where names.contains(workload.name) {
                try Exchange(folder: export).export(workload)
            }
        } else if let measurement = chosen.first, chosen.count == 1, OwnProcess.hasThreads(threads) {
            try run(measurement)
        } else {
            for measurement in chosen {
                try OwnProcess.run(measurement, threads: threads, arguments: passedOn)
            }
        }
    }

    private func run(_ measurement: Measurement) throws {
        if let check {
            try show(Check(measurement: measurement, exchange: Exchange(folder: check)).run())
        } else {
            try show(Row(measurement, measurement.timed(repeats: repeats)))
        }
    }

    private var passedOn: [String] {
        ["--repeats", "\(repeats)"] + (inference ? ["--inference"] : [])
            + (check.map { ["--check", $0] } ?? [])
    }
}
