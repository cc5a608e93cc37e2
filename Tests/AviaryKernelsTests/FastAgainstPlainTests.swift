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

    @Test(arguments: [(1, 16, 3, 1, 1), (3, 5, 3, 2, 1), (16, 32, 3, 2, 1), (16, 16, 1, 1, 0)])
    func convolution(c: (inputs: Int, outputs: Int, kernel: Int, stride: Int, padding: Int)) throws {
        let image = ImageShape(batch: 2, channels: c.inputs, height: 7, width: 6)
        let shape = try #require(
            ConvolutionShape(
                source: image, outputChannels: c.outputs, kernel: (c.kernel, c.kernel), stride: c.stride,
                padding: c.padding))
        let (x, w) = (numbers(image.elementCount, 3), numbers(shape.weightCount, 4))
        let dy = numbers(shape.destination.elementCount, 5)
        var (fast, plain) = ([Float](repeating: 0, count: dy.count), [Float](repeating: 0, count: dy.count))
        OneDNNConvolution.forward(shape, source: x, weights: w, destination: &fast)
        PlainConvolution.forward(shape, source: x, weights: w, destination: &plain)
        expectClose(fast, plain, "forward")

        (fast, plain) = ([Float](repeating: 0, count: x.count), [Float](repeating: 0, count: x.count))
        OneDNNConvolution.backwardData(shape, destinationGradient: dy, weights: w, sourceGradient: &fast)
        PlainConvolution.backwardData(shape, destinationGradient: dy, weights: w, sourceGradient: &plain)
        expectClose(fast, plain, "backward data")

        (fast, plain) = ([Float](repeating: 0, count: w.count), [Float](repeating: 0, count: w.count))
        OneDNNConvolution.backwardWeights(shape, source: x, destinationGradient: dy, weightGradient: &fast)
        PlainConvolution.backwardWeights(shape, source: x, destinationGradient: dy, weightGradient: &plain)
        expectClose(fast, plain, "backward weights")
    }

    @Test(arguments: [3, 16])
    func `batch norm`(channels: Int) {
        let shape = ImageShape(batch: 3, channels: channels, height: 5, width: 4)
        let (x, dy) = (numbers(shape.elementCount, 6), numbers(shape.elementCount, 7))
        let (scale, shift) = (numbers(channels, 8), numbers(channels, 9))
        let zeros = [Float](repeating: 0, count: channels)
        let image = [Float](repeating: 0, count: x.count)
        var (mean, variance, plainMean, plainVariance) = (zeros, zeros, zeros, zeros)
        var (fast, plain) = (image, image)
        OneDNNBatchNorm.forwardTraining(
            shape, epsilon: 1e-5, source: x, scale: scale, shift: shift, mean: &mean, variance: &variance,
            destination: &fast)
        PlainBatchNorm.statistics(shape, source: x, mean: &plainMean, variance: &plainVariance)
        PlainBatchNorm.normalise(
            shape, epsilon: 1e-5, source: x, scale: scale, shift: shift, mean: plainMean,
            variance: plainVariance,
            destination: &plain)
        expectClose(mean + variance, plainMean + plainVariance, "statistics")
        expectClose(fast, plain, "forward")

        var (dScale, dShift, plainScale, plainShift) = (zeros, zeros, zeros, zeros)
        OneDNNBatchNorm.backward(
            shape, epsilon: 1e-5, source: x, scale: scale, shift: shift, mean: mean, variance: variance,
            destinationGradient: dy, sourceGradient: &fast, scaleGradient: &dScale, shiftGradient: &dShift)
        PlainBatchNorm.backward(
            shape, epsilon: 1e-5, source: x, scale: scale, mean: plainMean, variance: plainVariance,
            destinationGradient: dy, sourceGradient: &plain, scaleGradient: &plainScale,
            shiftGradient: &plainShift)
        expectClose(fast, plain, "source gradient")
        expectClose(dScale + dShift, plainScale + plainShift, "channel gradients")
    }
}
