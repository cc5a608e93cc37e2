import ArgumentParser
import AviaryKernels
import AviaryTrackingStore
import Foundation

/// `aviary doctor`: whether everything here is as it should be.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the engine and the store.")

    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let engine = EngineReport.current()
        var facts: [(String, String)] = [
            ("aviary", Version.current),
            ("oneDNN", "\(engine.oneDNN), \(engine.instructionSet)"),
            ("OpenBLAS", engine.openBLAS),
            (
                "threads",
                "\(engine.threadCount)"
                    + (engine.sharesThreads
                        ? "" : "; OpenBLAS has a pool of its own: install libopenblas-openmp-dev")
            ),
        ]
        let folder = try store.folder()
        var faults: [String] = []
        if FileManager.default.fileExists(atPath: folder + "/aviary.db") {
            let report = try await withStore(store) { try await $0.check() }
            facts += [
                (
                    "store",
                    "\(folder) on \(report.fileSystem), schema \(report.schemaVersion), \(report.runCount) runs"
                ),
                (
                    "SQLite",
                    "\(report.sqliteVersion), \(report.journalMode), \(report.writeAheadLogByteCount) bytes of log"
                ),
            ]
            faults = report.faults
        } else {
            facts.append(("store", "none at \(folder) yet"))
        }
        facts.append(("check", faults.isEmpty ? "ok" : faults.joined(separator: "; ")))
        if json {
            print(try jsonText(Dictionary(uniqueKeysWithValues: facts)))
        } else {
            for (name, value) in facts {
                print("\(name.padding(toLength: 9, withPad: " ", startingAt: 0)) \(value)")
            }
        }
        if !faults.isEmpty { throw ExitCode.failure }
    }
}
