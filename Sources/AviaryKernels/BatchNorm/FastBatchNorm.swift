import CAviaryKernels

/// Batch norm of f32 (`Float`) or bf16 (`UInt16`) by loops of our own, in the layout of the image shape, with residual
/// sum, ReLU and the sum of two gradients inside.
///
/// oneDNN's is not used: its threads meet at barriers inside the kernel and spin there, which costs most of the time
/// as soon as two programs share the cores. Sums go over fixed groups of images, so that a result does not depend on
/// the number of threads.
package enum FastBatchNorm {
    /// Normalises by the batch's statistics, which it writes, or by given ones; scales, shifts, adds, rectifies.
    package static func forward<E: StoredReal>(
        _ form: BatchNormForm, channels: BatchNormChannels<Float>, source: UnsafePointer<E>,
        residual: UnsafePointer<E>?, destination: UnsafeMutablePointer<E>
    ) {
        withScratch(form, E.self) { norm, scratch in
            aviary_batch_norm_forward(
                &norm, source, residual, channels.scale, channels.shift, channels.mean, channels.variance,
                destination, scratch)
        }
    }

    /// The gradients by source, residual, scale and shift.
    ///
    /// Of a norm with ReLU and residual `upstream` must hold the output.
    package static func backward<E: StoredReal>(
        _ form: BatchNormForm, channels: BatchNormChannels<Float>, upstream: BatchNormUpstream<E>,
        into gradients: BatchNormDownstream<E, Float>
    ) {
        withScratch(form, E.self) { norm, scratch in
            aviary_batch_norm_backward(
                &norm, upstream.source, upstream.output, channels.scale, channels.shift, channels.mean,
                channels.variance, upstream.gradient, upstream.other, gradients.source, gradients.residual,
                gradients.scale, gradients.shift, scratch)
        }
    }

    private static func withScratch<E: StoredReal>(
        _ form: BatchNormForm, _ element: E.Type,
        _ body: (inout aviary_batch_norm, UnsafeMutablePointer<Double>) -> Void
    ) {
        var norm = aviary_batch_norm(
            planes: form.images.planes, kind: E.kind.inLoops, relu: form.hasReLU,
            constant_statistics: form.hasConstantStatistics, epsilon: Float(form.epsilon))
        let count = Int(aviary_batch_norm_scratch_count(&norm.planes))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { scratch in
            guard let start = scratch.baseAddress else {
                fatalError("batch norm: no scratch for \(form.images)")
            }
            body(&norm, start)
        }
    }
}

extension ImageShape {
    /// The images as the kernels for planes take them.
    var planes: aviary_planes {
        aviary_planes(
            batch: Int64(batch), channels: Int64(channels), area: Int64(height * width),
            block: Int64(channelBlock))
    }
}
