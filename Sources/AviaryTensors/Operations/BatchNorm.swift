import AviaryKernels

/// The mean and the biased variance of each channel, `[C]` both.
package struct ChannelStatistics: Sendable {
    package let mean: Tensor
    package let variance: Tensor

    package init(mean: Tensor, variance: Tensor) {
        self.mean = mean
        self.variance = variance
    }
}

/// The three gradients of a batch norm.
package struct BatchNormGradients {
    package let source: Tensor
    package let scale: Tensor
    package let shift: Tensor
}

extension Tensor {
    /// Normalises each channel by the batch's own statistics; `[N, C, H, W]`, scale and shift `[C]`.
    package func batchNormalised(scale: Tensor, shift: Tensor, epsilon: Double) -> (Tensor, ChannelStatistics)
    {
        let s = image("batch norm")
        guard scale.shape == [s.channels], shift.shape == [s.channels] else {
            shapeMistake("batch norm", shape, scale.shape)
        }
        guard dtype == .f32 else {
            let statistics = plainStatistics(s)
            return (normalised(by: statistics, scale: scale, shift: shift, epsilon: epsilon), statistics)
        }
        let (mean, variance) = (Storage(byteCount: 4 * s.channels), Storage(byteCount: 4 * s.channels))
        let output = Tensor(shape: shape, layout: layout, of: Float.self) { output in
            read(Float.self) { x in
                scale.read(Float.self) { scale in
                    shift.read(Float.self) { shift in
                        OneDNNBatchNorm.forwardTraining(
                            s, epsilon: Float(epsilon), source: x, scale: scale, shift: shift,
                            mean: mean.bytes.bindMemory(to: Float.self, capacity: s.channels),
                            variance: variance.bytes.bindMemory(to: Float.self, capacity: s.channels),
                            destination: output)
                    }
                }
            }
        }
        let statistics = ChannelStatistics(
            mean: Tensor(shape: [s.channels], dtype: .f32, layout: .plain, storage: mean),
            variance: Tensor(shape: [s.channels], dtype: .f32, layout: .plain, storage: variance))
        return (output, statistics)
    }

    private func plainStatistics(_ s: ImageShape) -> ChannelStatistics {
        var variances = [Double](repeating: 0, count: s.channels)
        let mean = Tensor(shape: [s.channels], of: Double.self) { mean in
            read(Double.self) { PlainBatchNorm.statistics(s, source: $0, mean: mean, variance: &variances) }
        }
        return ChannelStatistics(mean: mean, variance: Tensor(variances, shape: [s.channels]))
    }

    /// Normalises each channel by the given statistics.
    package func normalised(
        by statistics: ChannelStatistics, scale: Tensor, shift: Tensor, epsilon: Double
    ) -> Tensor {
        let s = image("batch norm")
        func normalise<T: TensorElement & BinaryFloatingPoint>(
            _ type: T.Type,
            _ kernel: (
                UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>,
                UnsafeMutablePointer<T>
            ) -> Void
        ) -> Tensor {
            Tensor(shape: shape, layout: layout, of: T.self) { output in
                read(T.self) { x in
                    scale.read(T.self) { scale in
                        shift.read(T.self) { shift in
                            statistics.mean.read(T.self) { mean in
                                statistics.variance.read(T.self) { kernel(x, scale, shift, mean, $0, output) }
                            }
                        }
                    }
                }
            }
        }
        guard dtype == .f64 else {
            return normalise(Float.self) { x, scale, shift, mean, variance, output in
                OneDNNBatchNorm.forwardEvaluation(
                    s, epsilon: Float(epsilon), source: x, scale: scale, shift: shift, mean: mean,
                    variance: variance, destination: output)
            }
        }
        return normalise(Double.self) { x, scale, shift, mean, variance, output in
            PlainBatchNorm.normalise(
                s, epsilon: epsilon, source: x, scale: scale, shift: shift, mean: mean, variance: variance,
                destination: output)
        }
    }

    /// The gradients by source (this tensor), scale and shift.
    ///
    /// With `constantStatistics` (evaluation, frozen)
    /// mean and variance do not depend on the source.
    package func batchNormGradients(
        _ statistics: ChannelStatistics, scale: Tensor, shift: Tensor, epsilon: Double, upstream: Tensor,
        constantStatistics: Bool
    ) -> BatchNormGradients {
        let gradient = upstream.reordered(to: layout)
        if dtype == .f32, !constantStatistics {
            return fastGradients(statistics, scale, shift, epsilon, gradient)
        }
        return dtype == .f32
            ? plainGradients(Float.self, statistics, scale, epsilon, gradient.plain, constantStatistics)
            : plainGradients(Double.self, statistics, scale, epsilon, gradient, constantStatistics)
    }

    private func fastGradients(
        _ statistics: ChannelStatistics, _ scale: Tensor, _ shift: Tensor, _ epsilon: Double,
        _ upstream: Tensor
    ) -> BatchNormGradients {
        let s = image("batch norm")
        let (dScale, dShift) = (Storage(byteCount: 4 * s.channels), Storage(byteCount: 4 * s.channels))
        let source = Tensor(shape: shape, layout: layout, of: Float.self) { output in
            read(Float.self) { x in
                scale.read(Float.self) { scale in
                    shift.read(Float.self) { shift in
                        statistics.mean.read(Float.self) { mean in
                            statistics.variance.read(Float.self) { variance in
                                upstream.read(Float.self) {
                                    OneDNNBatchNorm.backward(
                                        s, epsilon: Float(epsilon), source: x, scale: scale, shift: shift,
                                        mean: mean, variance: variance, destinationGradient: $0,
                                        sourceGradient: output,
                                        scaleGradient: dScale.bytes.bindMemory(
                                            to: Float.self, capacity: s.channels),
                                        shiftGradient: dShift.bytes.bindMemory(
                                            to: Float.self, capacity: s.channels))
                                }
                            }
                        }
                    }
                }
            }
        }
        return BatchNormGradients(
            source: source,
            scale: Tensor(shape: [s.channels], dtype: .f32, layout: .plain, storage: dScale),
            shift: Tensor(shape: [s.channels], dtype: .f32, layout: .plain, storage: dShift))
    }

    private func plainGradients<T: TensorElement & BinaryFloatingPoint>(
        _ type: T.Type, _ statistics: ChannelStatistics, _ scale: Tensor, _ epsilon: Double,
        _ upstream: Tensor,
        _ constantStatistics: Bool
    ) -> BatchNormGradients {
        let (x, s) = (plain, plain.image("batch norm"))
        var (dScale, dShift) = ([T](repeating: 0, count: s.channels), [T](repeating: 0, count: s.channels))
        let source = Tensor(shape: shape, of: T.self) { output in
            x.read(T.self) { x in
                scale.read(T.self) { scale in
                    statistics.mean.read(T.self) { mean in
                        statistics.variance.read(T.self) { variance in
                            upstream.read(T.self) { dy in
                                if constantStatistics {
                                    PlainBatchNorm.backwardEvaluation(
                                        s, epsilon: T(epsilon), source: x, scale: scale, mean: mean,
                                        variance: variance, destinationGradient: dy, sourceGradient: output,
                                        scaleGradient: &dScale, shiftGradient: &dShift)
                                } else {
                                    PlainBatchNorm.backward(
                                        s, epsilon: T(epsilon), source: x, scale: scale, mean: mean,
                                        variance: variance, destinationGradient: dy, sourceGradient: output,
                                        scaleGradient: &dScale, shiftGradient: &dShift)
                                }
                            }
                        }
                    }
                }
            }
        }
        return BatchNormGradients(
            source: source, scale: Tensor(dScale, shape: [s.channels]),
            shift: Tensor(dShift, shape: [s.channels]))
    }
}
