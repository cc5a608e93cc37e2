import ArgumentParser
import AviaryKernels
import AviaryTracking
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
            ("loops", engine.loops),
            ("OpenBLAS", engine.openBLAS),
            (
                "threads",
                "\(engine.threadCount)"
                    + (engine.sharesThreads
                        ? "" : "; OpenBLAS has a pool of its own: install libopenblas-openmp-dev")
            ),
        ]
        let kernels = KernelChoices.shared.report
        facts.append(
            ("kernels", kernels.file.map { "\(kernels.count) timed, in \($0)" } ?? "not kept: no HOME"))
        let (storeFacts, storeFaults) = try await lookOverStore()
        let faults = storeFaults + (kernels.problem.map { ["\($0)"] } ?? [])
        facts += storeFacts
        facts.append(("check", faults.isEmpty ? "ok" : faults.joined(separator: "; ")))
        if json {
            try tell(jsonText(Dictionary(uniqueKeysWithValues: facts)))
        } else {
            for (name, value) in facts {
                try tell("\(name.padding(toLength: 9, withPad: " ", startingAt: 0)) \(value)")
            }
        }
        if !faults.isEmpty { throw ExitCode.failure }
    }
    /// What there is to say of the store, and what is wrong with it.
    private func lookOverStore() async throws -> (facts: [(String, String)], faults: [String]) {
        let folder = try store.folder(mayBeServer: false)
        let report: StoreReport
        do {
            report = try await withStore(folder) { try await $0.check() }
        } catch TrackingError.store(.missing) {
            return ([("store", "none at \(folder) yet")], [])
        } catch let error as TrackingError {
            return ([("store", folder)], [error.description])
        }
        var faults = report.faults.map { $0.replacing("\n", with: ", ") }
        if report.freeByteCount < Self.scarceByteCount {
            faults.append("the disk of \(folder) has \(report.freeByteCount) bytes left; free some")
        }
        return (
            [
                (
                    "store",
                    "\(folder) on \(report.fileSystem), schema \(report.schemaVersion), \(report.runCount) runs"
                ),
                ("disk", "\(report.freeByteCount / 1_048_576) MiB free"),
                (
                    "SQLite",
                    "\(report.sqliteVersion), \(report.journalMode), \(report.writeAheadLogByteCount) bytes of log"
                ),
            ], faults
        )
    }

    /// Less room than the log and a checkpoint take.
    private static let scarceByteCount: Int64 = 64 * 1_048_576
}
