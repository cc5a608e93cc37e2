import CAviaryKernels

/// Batch norm in single precision by loops of our own, in the layout of the image shape.
///
/// oneDNN's is not used: its threads meet at barriers inside the kernel and spin there, which costs most of the time
/// as soon as two programs share the cores. Sums go over fixed groups of images, so that a result does not depend on
/// the number of threads.
package enum FastBatchNorm {
    /// The batch's mean and biased variance of each channel.
    package static func statistics(
        _ shape: ImageShape, source: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
        variance: UnsafeMutablePointer<Float>
    ) {
        withScratch(shape) { planes, scratch in
            aviary_batch_norm_statistics(&planes, source, mean, variance, scratch)
        }
    }

    /// Normalises by the given statistics, scales and shifts.
    package static func normalise(
        _ shape: ImageShape, epsilon: Float, source: UnsafePointer<Float>, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
        destination: UnsafeMutablePointer<Float>
    ) {
        withScratch(shape) { planes, scratch in
            aviary_batch_norm_normalise(
                &planes, epsilon, source, scale, shift, mean, variance, destination, scratch)
        }
    }

    /// The three gradients; with `constantStatistics` mean and variance do not depend on the source.
    package static func backward(
        _ shape: ImageShape, epsilon: Float, constantStatistics: Bool, source: UnsafePointer<Float>,
        scale: UnsafePointer<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
        destinationGradient: UnsafePointer<Float>, sourceGradient: UnsafeMutablePointer<Float>,
        scaleGradient: UnsafeMutablePointer<Float>, shiftGradient: UnsafeMutablePointer<Float>
    ) {
        withScratch(shape) { planes, scratch in
            aviary_batch_norm_backward(
                &planes, epsilon, constantStatistics, source, scale, mean, variance, destinationGradient,
                sourceGradient, scaleGradient, shiftGradient, scratch)
        }
    }

    private static func withScratch(
        _ shape: ImageShape, _ body: (inout aviary_planes, UnsafeMutablePointer<Double>) -> Void
    ) {
        var planes = aviary_planes(
            batch: Int64(shape.batch), channels: Int64(shape.channels),
            area: Int64(shape.height * shape.width), block: Int64(shape.channelBlock))
        let count = Int(aviary_batch_norm_scratch_count(&planes))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { scratch in
            guard let start = scratch.baseAddress else { fatalError("batch norm: no scratch for \(shape)") }
            body(&planes, start)
        }
    }
}
