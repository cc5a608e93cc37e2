import Foundation

/// What this process has in memory at most, in bytes, as the system counts it.
enum Memory {
    static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        guard let kibibytes = Int(line.filter(\.isNumber)) else {
            throw ConnectionFailure(problem: "no VmHWM")
        }
        return kibibytes << 10
    }

    /// Counts anew from what there is now.
    static func peakOfNow() throws -> Int {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        return try peak()
    }
}
