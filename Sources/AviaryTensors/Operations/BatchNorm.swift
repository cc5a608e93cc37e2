import AviaryKernels

/// The mean and the biased variance of each channel, `[C]` both.
package struct ChannelStatistics: Sendable {
    package let mean: Tensor
    package let variance: Tensor

    package init(mean: Tensor, variance: Tensor) {
        self.mean = mean
        self.variance = variance
    }

    /// The same as another kind of element.
    package func cast(to dtype: DType) -> ChannelStatistics {
        ChannelStatistics(mean: mean.cast(to: dtype), variance: variance.cast(to: dtype))
    }
}

/// The three gradients of a batch norm.
package struct BatchNormGradients {
    package let source: Tensor
    package let scale: Tensor
    package let shift: Tensor
}

extension Tensor {
    /// The mean and the biased variance of each channel of `[N, C, H, W]`.
    package func channelStatistics() -> ChannelStatistics {
        let s = image("batch norm")
        guard count > 0 else { shapeMistake("batch norm", shape, "at least one image of one pixel") }
        if dtype == .f32 {
            return channelStatistics(Float.self) {
                FastBatchNorm.statistics(s, source: $0, mean: $1, variance: $2)
            }
        }
        return channelStatistics(Double.self) {
            PlainBatchNorm.statistics(s, source: $0, mean: $1, variance: $2)
        }
    }

    private func channelStatistics<T: TensorElement>(
        _ type: T.Type, _ kernel: (UnsafePointer<T>, UnsafeMutablePointer<T>, UnsafeMutablePointer<T>) -> Void
    ) -> ChannelStatistics {
        let (mean, variance) = (Vector<T>(count: shape[1]), Vector<T>(count: shape[1]))
        read(T.self) { kernel($0, mean.start, variance.start) }
        return ChannelStatistics(mean: mean.tensor, variance: variance.tensor)
    }

    /// Normalises each channel of `[N, C, H, W]` by the given statistics; scale and shift are `[C]`.
    package func normalised(
        by statistics: ChannelStatistics, scale: Tensor, shift: Tensor, epsilon: Double
    ) -> Tensor {
        let s = image("batch norm")
        guard scale.shape == [s.channels], shift.shape == [s.channels] else {
            shapeMistake("batch norm", shape, scale.shape)
        }
        guard count > 0 else { return self }
        if dtype == .f32 {
            return normalised(Float.self, statistics, scale, shift) {
                FastBatchNorm.normalise(
                    s, epsilon: Float(epsilon), source: $0, scale: $1.scale, shift: $1.shift, mean: $1.mean,
                    variance: $1.variance, destination: $2)
            }
        }
        return normalised(Double.self, statistics, scale, shift) {
            PlainBatchNorm.normalise(
                s, epsilon: epsilon, source: $0, scale: $1.scale, shift: $1.shift, mean: $1.mean,
                variance: $1.variance, destination: $2)
        }
    }

    private func normalised<T: TensorElement>(
        _ type: T.Type, _ statistics: ChannelStatistics, _ scale: Tensor, _ shift: Tensor,
        _ kernel: (UnsafePointer<T>, ChannelPointers<T>, UnsafeMutablePointer<T>) -> Void
    ) -> Tensor {
        Tensor(shape: shape, layout: layout, of: T.self) { output in
            read(T.self) { x in
                withChannels(statistics, scale, shift) { kernel(x, $0, output) }
            }
        }
    }

    /// The gradients by source (this tensor), scale and shift.
    ///
    /// With `constantStatistics` (evaluation, frozen) mean and variance do not depend on the source.
    package func batchNormGradients(
        _ statistics: ChannelStatistics, scale: Tensor, epsilon: Double, upstream: Tensor,
        constantStatistics: Bool
    ) -> BatchNormGradients {
        let s = image("batch norm")
        guard count > 0 else {
            // Only of given statistics: those of no pixel have stopped the program before.
            let none = Tensor.zeros([s.channels], dtype: scale.dtype)
            return BatchNormGradients(source: self, scale: none, shift: none)
        }
        let gradient = upstream.reordered(to: layout)
        if dtype == .f32 {
            return gradients(Float.self, statistics, scale, gradient) {
                FastBatchNorm.backward(
                    s, epsilon: Float(epsilon), constantStatistics: constantStatistics, source: $0,
                    scale: $1.scale, mean: $1.mean, variance: $1.variance, destinationGradient: $2,
                    sourceGradient: $3, scaleGradient: $4, shiftGradient: $5)
            }
        }
        return gradients(Double.self, statistics, scale, gradient) {
            PlainBatchNorm.backward(
                s, epsilon: epsilon, constantStatistics: constantStatistics, source: $0, scale: $1.scale,
                mean: $1.mean, variance: $1.variance, destinationGradient: $2, sourceGradient: $3,
                scaleGradient: $4, shiftGradient: $5)
        }
    }

    private func gradients<T: TensorElement>(
        _ type: T.Type, _ statistics: ChannelStatistics, _ scale: Tensor, _ upstream: Tensor,
        _ kernel: (
            UnsafePointer<T>, ChannelPointers<T>, UnsafePointer<T>, UnsafeMutablePointer<T>,
            UnsafeMutablePointer<T>, UnsafeMutablePointer<T>
        ) -> Void
    ) -> BatchNormGradients {
        let (scaleGradient, shiftGradient) = (Vector<T>(count: shape[1]), Vector<T>(count: shape[1]))
        let source = Tensor(shape: shape, layout: layout, of: T.self) { output in
            read(T.self) { x in
                upstream.read(T.self) { dy in
                    // The shift has no part in any gradient.
                    withChannels(statistics, scale, scale) {
                        kernel(x, $0, dy, output, scaleGradient.start, shiftGradient.start)
                    }
                }
            }
        }
        return BatchNormGradients(source: source, scale: scaleGradient.tensor, shift: shiftGradient.tensor)
    }
}

/// A tensor `[count]` that a kernel writes beside another output.
private struct Vector<T: TensorElement> {
    let count: Int
    let storage: Storage

    init(count: Int) {
        self.count = count
        storage = Storage(byteCount: count * T.dtype.byteCount)
    }

    var start: UnsafeMutablePointer<T> { storage.bytes.bindMemory(to: T.self, capacity: count) }
    var tensor: Tensor { Tensor(shape: [count], dtype: T.dtype, layout: .plain, storage: storage) }
}

/// What a batch norm knows of each channel.
private struct ChannelPointers<T> {
    let mean: UnsafePointer<T>
    let variance: UnsafePointer<T>
    let scale: UnsafePointer<T>
    let shift: UnsafePointer<T>
}

private func withChannels<T: TensorElement>(
    _ statistics: ChannelStatistics, _ scale: Tensor, _ shift: Tensor, _ body: (ChannelPointers<T>) -> Void
) {
    statistics.mean.read(T.self) { mean in
        statistics.variance.read(T.self) { variance in
            scale.read(T.self) { scale in
                shift.read(T.self) {
                    body(ChannelPointers(mean: mean, variance: variance, scale: scale, shift: $0))
                }
            }
        }
    }
}
