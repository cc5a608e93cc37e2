import AviaryKernels
import Testing

/// Matrix products in single precision by either library against the sum of products as it is written.
struct MatrixProductTests {
    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// A bias, sums that are added to what is there, the positive part: each with and without the others.
    private static let endings = (0..<8).map {
        (hasBias: $0 & 1 > 0, adds: $0 & 2 > 0, isRectified: $0 & 4 > 0)
    }

    @Test(
        arguments: ProductLibrary.allCases, [(1, 1, 1), (3, 5, 7), (16, 33, 8), (64, 128, 10), (2, 300, 40)])
    func `each library equals the definition, transposed and with every ending`(
        library: ProductLibrary, extents: (Int, Int, Int)
    ) {
        for (isLeftTransposed, isRightTransposed) in [
            (false, false), (true, false), (false, true), (true, true),
        ] {
            var shape = ProductShape(
                rows: extents.0, inner: extents.1, columns: extents.2, isLeftTransposed: isLeftTransposed,
                isRightTransposed: isRightTransposed)
            let (left, right) = (
                numbers(shape.rows * shape.inner, 1), numbers(shape.inner * shape.columns, 2)
            )
            let (bias, before) = (numbers(shape.columns, 3), numbers(shape.rows * shape.columns, 4))
            var sums = before
            plainProduct(shape, left: left, right: right, output: &sums)
            // What is done to the sums is oneDNN's alone.
            for ending in Self.endings where library == .oneDNN || !(ending.adds || ending.isRectified) {
                (shape.adds, shape.isRectified) = (ending.adds, ending.isRectified)
                let expected = sums.indices.map { index in
                    let whole =
                        sums[index] + (ending.hasBias ? bias[index % shape.columns] : 0)
                        + (ending.adds ? before[index] : 0)
                    return ending.isRectified ? max(0, whole) : whole
                }
                // What is not added to is overwritten, whatever it was.
                var output = ending.adds ? before : before.map { _ in .nan }
                bias.withUnsafeBufferPointer {
                    MatrixProduct.multiply(
                        shape, left: left, right: right, bias: ending.hasBias ? $0.baseAddress : nil,
                        output: &output, by: library)
                }
                // Sums of up to 300 products in another order: 1e-5 of the greatest is 170 roundings.
                let scale = max(1e-30, sums.map(abs).max() ?? 0)
                let worst = zip(output, expected).map { abs($0 - $1) }.max() ?? .infinity
                #expect(worst <= 1e-5 * scale, "\(library), \(shape), \(ending)")
            }
        }
    }

    @Test func `the faster library is asked for once a number of threads, and kept with a training`() throws {
        let journal = KernelJournal()
        let chosen = KernelJournal.$current.withValue(journal) {
            (0..<2).map { _ in Parallel.withThreadCount(1) { ProductLibrary.fastest } }
        }
        #expect(chosen[0] == chosen[1])
        let question = "matrix products f32 t1, \(EngineReport.current().openBLAS)"
        #expect(journal.choices == [question: chosen[0].rawValue])

        let other = try #require(ProductLibrary.allCases.first { $0 != chosen[0] })
        let resumed = KernelJournal()
        resumed.adopt([question: other.rawValue])
        KernelJournal.$current.withValue(resumed) {
            Parallel.withThreadCount(1) { #expect(ProductLibrary.fastest == other) }
        }
    }
}
