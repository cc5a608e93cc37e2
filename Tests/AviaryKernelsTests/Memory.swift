import AviaryKernels
import Testing

/// Numbers that kernels are given by address, at the beginning of a cache line; they lie there until the test lets go
/// of this.
final class Memory<Number: BitwiseCopyable> {
    let start: UnsafeMutablePointer<Number>
    let count: Int

    init(_ numbers: [Number]) {
        count = numbers.count
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Number>.stride, alignment: 64)
        start = bytes.bindMemory(to: Number.self, capacity: max(1, count))
        for (index, number) in numbers.enumerated() { start[index] = number }
    }

    deinit { start.deallocate() }

    var read: UnsafePointer<Number> { UnsafePointer(start) }

    /// What is there now.
    var numbers: [Number] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

/// What `body` leaves in memory that held NaN, on `threads` threads; no number behind the last may be touched.
func written(
    _ count: Int, threads: Int = 1, _ body: (UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
    var output = [Float](repeating: .nan, count: count) + [12345]
    Parallel.withThreadCount(threads) {
        output.withUnsafeMutableBufferPointer { memory in
            guard let start = memory.baseAddress else { return }
            body(start)
        }
    }
    #expect(output.last == 12345, "wrote past the end")
    return output.dropLast()
}
