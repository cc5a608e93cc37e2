import Glibc

/// The processors that this process may run on: fewer than the machine has under `taskset` or in a container.
enum Processors {
    static var count: Int {
        var mask = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &mask) == 0 else {
            fatalError("sched_getaffinity: \(String(cString: strerror(errno)))")
        }
        return withUnsafeBytes(of: mask) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    }
}
