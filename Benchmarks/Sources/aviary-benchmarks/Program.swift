import Foundation

/// What this program says of itself.
enum Program {
    /// `aviary` with the version in `AVIARY_VERSION`, which `make` sets.
    static let name =
        "aviary " + (ProcessInfo.processInfo.environment["AVIARY_VERSION"] ?? "of an unknown version")

    /// The most memory that this process has had resident, in 10⁶ bytes.
    ///
    /// VmHWM of this program alone: `ru_maxrss` begins with what its parent had.
    static var peakMegabytes: Double {
        get throws {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let words = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ")
            guard let words, words.count == 3, words[2] == "kB", let kibibytes = Double(words[1]) else {
                throw BenchmarkError.noPeakMemory
            }
            return kibibytes * 1024 / 1e6
        }
    }
}
