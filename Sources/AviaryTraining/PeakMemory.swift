import AviaryTensors
import Foundation

/// The most memory that a training took so far, as its run records it; of a resumed one, that of its last part.
enum PeakMemory {
    /// A training begins.
    static func begin() { MemoryCache.shared.markPeak() }

    /// `engine.peak_tensor_bytes`, of tensors alive at once since then; `engine.peak_resident_bytes`, of the whole process
    /// since its start, where the system tells it (Linux).
    static var tags: [String: String] {
        var tags = ["engine.peak_tensor_bytes": String(MemoryCache.shared.markedPeakByteCount)]
        tags["engine.peak_resident_bytes"] = residentByteCount.map { String($0) }
        return tags
    }

    /// `VmHWM` of proc_pid_status(5), which is in KiB.
    private static var residentByteCount: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return nil
        }
        let words = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?
            .split(whereSeparator: \.isWhitespace)
        return words.flatMap { $0.count == 3 ? Int($0[1]) : nil }.map { $0 * 1024 }
    }
}
