import AviaryKernels
import Testing

/// The separable resize against the plain one.
struct ResizeKernelTests {
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    private static let shapes = [
        ResizeShape<Float>(
            planes: 3, rows: .antialiased(.linear, from: 37, to: 11),
            columns: .antialiased(.cubic, from: 29, to: 8)),
        ResizeShape<Float>(
            planes: 2, rows: .interpolation(.cubic, from: 5, to: 13, alignsCorners: false),
            columns: .interpolation(.linear, from: 6, to: 17, alignsCorners: true)),
        ResizeShape<Float>(
            planes: 1, rows: .interpolation(.linear, from: 1, to: 4, alignsCorners: false),
            columns: .antialiased(.linear, from: 9, to: 1)),
    ]

    @Test(arguments: shapes.indices) func `the separable resize equals the plain one`(index: Int) {
        let s = Self.shapes[index]
        let (x, dy) = (numbers(s.planes * s.sourceArea, 1), numbers(s.planes * s.destinationArea, 2))
        var (fast, plain) = (
            [Float](repeating: .nan, count: dy.count), [Float](repeating: .nan, count: dy.count)
        )
        SeparableResize.forward(s, source: x, destination: &fast)
        PlainResize.forward(s, source: x, destination: &plain)
        expectClose(fast, plain, "forward")
        var (fastGradient, plainGradient) = (
            [Float](repeating: 0, count: x.count), [Float](repeating: 0, count: x.count)
        )
        SeparableResize.backward(s, gradient: dy, sourceGradient: &fastGradient)
        PlainResize.backward(s, gradient: dy, sourceGradient: &plainGradient)
        expectClose(fastGradient, plainGradient, "backward")
    }

    /// Each weight of a cubic is rounded to 5e-7 at worst.
    @Test func `the weights of each new pixel add up to 1`() {
        for s in Self.shapes {
            for taps in [s.rows, s.columns] {
                for position in 0..<taps.count {
                    let sum = taps.weights[taps.starts[position]..<taps.starts[position + 1]].reduce(0, +)
                    #expect(abs(sum - 1) < 2e-6)
                }
                #expect(taps.sources.allSatisfy { (0..<taps.extent).contains($0) })
            }
        }
    }

    @Test func `a resize gives the same bits with one thread and with two`() {
        let s = Self.shapes[0]
        let x = numbers(s.planes * s.sourceArea, 3)
        func resized() -> [Float] {
            var output = [Float](repeating: .nan, count: s.planes * s.destinationArea)
            SeparableResize.forward(s, source: x, destination: &output)
            return output
        }
        #expect(Parallel.withThreadCount(1, resized) == Parallel.withThreadCount(2, resized))
    }

    /// Sums of at most 60 products in another order: 1e-5 of the greatest is 170 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-5 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(plain.contains { $0 != 0 } && fast.allSatisfy { !$0.isNaN }, "\(what)")
    }
}
