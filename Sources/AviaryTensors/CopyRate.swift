import AviaryKernels

/// How many bytes a second this machine reads and writes at most, both counted: the fastest of several large copies by
/// all threads.
///
/// They take as long as `budget`; one is made in any case, after the memory was first touched.
package func measuredCopyRate(within budget: Duration) -> Double {
    // Far more than a cache holds.
    let byteCount = 64 << 20
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    let target = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer {
        source.deallocate()
        target.deallocate()
    }
    func copy() {
        Parallel.run(byteCount, grain: 1 << 20) { part in
            UnsafeMutableRawBufferPointer(rebasing: target[part])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[part]))
        }
    }
    let clock = ContinuousClock()
    let begin = clock.now
    source.initializeMemory(as: UInt8.self, repeating: 1)
    copy()
    var best = clock.measure(copy)
    while begin.duration(to: clock.now) + best < budget { best = min(best, clock.measure(copy)) }
    return Double(2 * byteCount) / (best / .seconds(1))
}
