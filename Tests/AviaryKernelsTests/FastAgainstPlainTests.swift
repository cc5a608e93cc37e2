import AviaryKernels
import Testing

/// Each fast kernel against the plain one that reads like its definition, in single precision.
struct FastAgainstPlainTests {
    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Sums of up to 300 products in another order: 1e-5 of the greatest is 170 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-5 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(plain.contains { $0 != 0 } && fast.allSatisfy { !$0.isNaN }, "\(what)")
    }

    @Test(
        arguments: [(1, 1, 1), (3, 5, 7), (16, 33, 8), (64, 128, 10)],
        [(false, false), (true, false), (false, true)])
    func `matrix product`(extents: (Int, Int, Int), transposed: (Bool, Bool)) {
        let shape = ProductShape(
            rows: extents.0, inner: extents.1, columns: extents.2, isLeftTransposed: transposed.0,
            isRightTransposed: transposed.1)
        let (left, right) = (numbers(shape.rows * shape.inner, 1), numbers(shape.inner * shape.columns, 2))
        var fast = [Float](repeating: 0, count: shape.rows * shape.columns)
        var plain = fast
        MatrixProduct.multiply(shape, left: left, right: right, output: &fast)
        plainProduct(shape, left: left, right: right, output: &plain)
        expectClose(fast, plain, "\(shape)")
    }

    /// Images beside which 16 groups, 32 lanes and a second thread matter: fewer, as many and more of each.
    @Test(arguments: [(3, 3, 5, 4), (1, 16, 1, 1), (40, 16, 7, 5), (17, 64, 24, 24)], [1, 8, 16])
    func `batch norm`(extents: (batch: Int, channels: Int, height: Int, width: Int), block: Int) {
        let plainShape = ImageShape(
            batch: extents.batch, channels: extents.channels, height: extents.height, width: extents.width)
        let shape = plainShape.blocked(block)
        let (x, dy) = (numbers(plainShape.elementCount, 6), numbers(plainShape.elementCount, 7))
        let (scale, shift) = (numbers(extents.channels, 8), numbers(extents.channels, 9))
        let zeros = [Float](repeating: 0, count: extents.channels)
        var (mean, variance, plainMean, plainVariance) = (zeros, zeros, zeros, zeros)
        var plain = [Float](repeating: 0, count: x.count)
        var fast = [Float](repeating: .nan, count: shape.elementCount)
        FastBatchNorm.statistics(shape, source: blocked(x, shape), mean: &mean, variance: &variance)
        PlainBatchNorm.statistics(plainShape, source: x, mean: &plainMean, variance: &plainVariance)
        expectClose(mean, plainMean, "mean")
        if extents.batch > 1 { expectClose(variance, plainVariance, "variance") }
        FastBatchNorm.normalise(
            shape, epsilon: 1e-5, source: blocked(x, shape), scale: scale, shift: shift, mean: plainMean,
            variance: plainVariance, destination: &fast)
        PlainBatchNorm.normalise(
            plainShape, epsilon: 1e-5, source: x, scale: scale, shift: shift, mean: plainMean,
            variance: plainVariance, destination: &plain)
        expectClose(fast, blocked(plain, shape), "forward")

        for isConstant in [false, true] {
            var (dScale, dShift, plainScale, plainShift) = (zeros, zeros, zeros, zeros)
            FastBatchNorm.backward(
                shape, epsilon: 0.1, constantStatistics: isConstant, source: blocked(x, shape), scale: scale,
                mean: plainMean, variance: plainVariance, destinationGradient: blocked(dy, shape),
                sourceGradient: &fast, scaleGradient: &dScale, shiftGradient: &dShift)
            PlainBatchNorm.backward(
                plainShape, epsilon: 0.1, constantStatistics: isConstant, source: x, scale: scale,
                mean: plainMean, variance: plainVariance, destinationGradient: dy, sourceGradient: &plain,
                scaleGradient: &plainScale, shiftGradient: &plainShift)
            if extents.batch > 1 || isConstant {
                expectClose(fast, blocked(plain, shape), "source gradient, constant: \(isConstant)")
            }
            if extents.batch > 1 { expectClose(dScale, plainScale, "scale gradient") }
            expectClose(dShift, plainShift, "shift gradient")
        }
    }

    /// Far from zero the squares' sum less the mean's square would keep no digit of the variance.
    @Test func `a variance far from zero keeps its digits`() {
        let shape = ImageShape(batch: 20, channels: 8, height: 9, width: 9, channelBlock: 8)
        let x = numbers(shape.elementCount, 10).map { 1000 + $0 }
        let zeros = [Float](repeating: 0, count: 8)
        var (mean, variance, exactMean, exactVariance) = (zeros, zeros, zeros, zeros)
        FastBatchNorm.statistics(shape, source: x, mean: &mean, variance: &variance)
        for c in 0..<8 {
            let channel = stride(from: c, to: x.count, by: 8).map { Double(x[$0]) }
            let average = channel.reduce(0, +) / Double(channel.count)
            exactMean[c] = Float(average)
            exactVariance[c] = Float(
                channel.map { ($0 - average) * ($0 - average) }.reduce(0, +) / Double(channel.count))
        }
        expectClose(mean, exactMean, "mean")
        expectClose(variance, exactVariance, "variance")
    }

    @Test func `batch norm gives the same bits with one thread and with two`() {
        let shape = ImageShape(batch: 24, channels: 16, height: 24, width: 24, channelBlock: 8)
        let x = numbers(shape.elementCount, 11)
        let zeros = [Float](repeating: 0, count: 16)
        var results = Set<[Float]>()
        for threads in [1, 2, 3] {
            var (mean, variance, dScale, dShift) = (zeros, zeros, zeros, zeros)
            var dx = x
            Parallel.withThreadCount(threads) {
                FastBatchNorm.statistics(shape, source: x, mean: &mean, variance: &variance)
                FastBatchNorm.backward(
                    shape, epsilon: 1e-5, constantStatistics: false, source: x, scale: mean, mean: mean,
                    variance: variance, destinationGradient: x, sourceGradient: &dx, scaleGradient: &dScale,
                    shiftGradient: &dShift)
            }
            results.insert(mean + variance + dScale + dShift + dx)
        }
        #expect(results.count == 1)
    }

    @Test func `a chosen number of threads holds on every thread of the program`() async {
        #expect(Parallel.withThreadCount(3) { Parallel.threadCount } == 3)
        await #expect(processExitsWith: .success) {
            Parallel.setThreadCount(1)
            let counts = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<16 { group.addTask { Parallel.threadCount } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            precondition(counts == [1] && Parallel.withThreadCount(2) { Parallel.threadCount } == 2)
            precondition(Parallel.threadCount == 1)
        }
    }

    /// The plain images in the blocks of `shape`, the last one filled with zeros.
    private func blocked(_ images: [Float], _ shape: ImageShape) -> [Float] {
        let (area, block) = (shape.height * shape.width, shape.channelBlock)
        var out = [Float](repeating: 0, count: shape.elementCount)
        for n in 0..<shape.batch {
            for c in 0..<shape.channels {
                for i in 0..<area {
                    let plane = n * shape.paddedChannels + c / block * block
                    out[plane * area + i * block + c % block] = images[(n * shape.channels + c) * area + i]
                }
            }
        }
        return out
    }
}
