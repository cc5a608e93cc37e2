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
            let words = try status("VmHWM")
            guard words.count == 2, words[1] == "kB", let kibibytes = Double(words[0]) else {
                throw BenchmarkError.noStatus("VmHWM")
            }
            return kibibytes * 1024 / 1e6
        }
    }

    /// The processors that this process may run on: fewer than the machine has under `taskset` or in a container.
    static var processorCount: Int {
        get throws {
            // A mask in hexadecimal digits, with commas between.
            let digits = try status("Cpus_allowed").joined().filter { $0 != "," }
            return digits.reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        }
    }

    /// What the system says of this process under a name.
    private static func status(_ name: String) throws -> [Substring] {
        let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(name + ":") }) else {
            throw BenchmarkError.noStatus(name)
        }
        return line.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace)
    }
}
