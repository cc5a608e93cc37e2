import AviaryKernels
import Testing

/// Sums along an axis against the plain loop, which adds in the order of memory.
struct AxisSumsTests {
    private static let shapes = [
        AxisSumShape(outer: 1, reduced: 1, inner: 1), AxisSumShape(outer: 1, reduced: 70_000, inner: 1),
        AxisSumShape(outer: 300, reduced: 33, inner: 1), AxisSumShape(outer: 1, reduced: 5000, inner: 10),
        AxisSumShape(outer: 1, reduced: 100, inner: 1030), AxisSumShape(outer: 3, reduced: 40, inner: 17),
        AxisSumShape(outer: 2, reduced: 0, inner: 3), AxisSumShape(outer: 2, reduced: 0, inner: 1),
        AxisSumShape(outer: 0, reduced: 4, inner: 1), AxisSumShape(outer: 0, reduced: 4, inner: 5),
    ]

    @Test(arguments: shapes) func `are those of the plain loop, for any number of threads`(
        shape: AxisSumShape
    ) {
        let count = shape.outer * shape.reduced * shape.inner
        let source = numbers(count)
        var plain = [Double](repeating: .nan, count: shape.sumCount)
        AxisSums.plain(shape, source: source, sums: &plain)
        let one = Parallel.withThreadCount(1) { fast(shape, source, .f32) }
        // Sums in double precision of up to 70,000 numbers below 1, in another order.
        #expect(zip(one, plain).allSatisfy { abs($0 - $1) <= 1e-10 } && one.count == plain.count)
        for threads in [2, 3] {
            #expect(Parallel.withThreadCount(threads) { fast(shape, source, .f32) } == one)
        }
        let words = source.map(narrowed)
        AxisSums.plain(shape, source: words.map(widened), sums: &plain)
        let narrow = fast(shape, words, .bf16)
        #expect(zip(narrow, plain).allSatisfy { abs($0 - $1) <= 1e-10 })
    }

    /// In single precision the ones beside 10⁸ would be lost, or most of them.
    @Test(arguments: [1, 3]) func `a long column loses no digit`(columns: Int) {
        var source = [Float](repeating: 1, count: 100_000 * columns)
        for column in 0..<columns { source[column] = 1e8 }
        let shape = AxisSumShape(outer: 1, reduced: 100_000, inner: columns)
        #expect(
            fast(shape, source, .f32) == [Double](repeating: 1e8 + 99_999, count: columns))
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int) -> [Float] {
        (0..<count).map { i in
            let mixed = i * 7919 + i * i % 31 * 613
            return Float(mixed % 2003) / 1001.5 - 1
        }
    }

    private func fast<T>(_ shape: AxisSumShape, _ source: [T], _ kind: RealKind) -> [Double] {
        var sums = [Double](repeating: .nan, count: shape.sumCount) + [12345]
        // One element more: the address of none is nil.
        (source + source.prefix(1)).withUnsafeBytes { bytes in
            sums.withUnsafeMutableBufferPointer { sums in
                guard let to = sums.baseAddress else { return }
                let empty = UnsafeRawPointer(to)
                AxisSums.fast(shape, kind, source: bytes.baseAddress ?? empty, sums: to)
            }
        }
        #expect(sums.last == 12345, "wrote past the end")
        return sums.dropLast()
    }
}
