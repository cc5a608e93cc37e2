import CAviaryKernels
import CAviaryOneDNN
import CAviaryOpenBLAS

/// Which kernels run on this machine, for `aviary doctor` and a run's tags.
package struct EngineReport: Sendable {
    /// What the processor calls itself: attention and the choice of kernels depend on the kind, not on instructions alone.
    package let processor: String
    package let oneDNN: String
    package let instructionSet: String
    /// The level of instructions of our own loops.
    package let loops: String
    package let openBLAS: String
    /// Whether OpenBLAS shares the thread pool of oneDNN (its OpenMP build).
    package let sharesThreads: Bool
    package let threadCount: Int

    /// What decides the last bits of a training, as a run records it.
    package var tags: [String: String] {
        [
            "engine.threads": "\(threadCount)", "engine.isa": instructionSet, "engine.loops": loops,
            "engine.onednn": oneDNN, "engine.openblas": openBLAS, "engine.processor": processor,
        ]
    }

    package static func current() -> EngineReport {
        EngineReport(
            processor: String(cString: aviary_processor_name()),
            oneDNN: String(cString: aviary_onednn_version()),
            instructionSet: String(cString: aviary_onednn_isa()),
            loops: String(cString: aviary_instructions_name()),
            openBLAS: String(cString: aviary_openblas_config()),
            sharesThreads: aviary_openblas_parallel() == 2,
            threadCount: Parallel.threadCount)
    }
}
