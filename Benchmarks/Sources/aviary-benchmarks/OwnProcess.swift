import Foundation

/// A process for each measurement: its peak memory is that of one, and no run warms another's caches.
enum OwnProcess {
    /// What libgomp, on which the engine's threads run, reads before `main`.
    private static let threadVariable = "OMP_NUM_THREADS"

    /// Whether this process began with so many threads.
    static func hasThreads(_ count: Int) -> Bool {
        ProcessInfo.processInfo.environment[threadVariable] == "\(count)"
    }

    /// Starts this program for one measurement, which prints its own row.
    static func run(_ measurement: Measurement, threads: Int, arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
            ["--only", measurement.workload.name, "--variants", measurement.name, "--threads", "\(threads)"]
            + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging([threadVariable: "\(threads)"]) { _, new in new }
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError.failed(
                measurement: "\(measurement.workload.name) \(measurement.name)",
                status: process.terminationStatus)
        }
    }
}
