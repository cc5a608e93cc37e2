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

/// What a batch norm does beside its statistics.
package struct BatchNormOptions: Sendable {
    package let epsilon: Double
    /// Whether what comes out below 0 becomes 0, after the residual was added.
    package let hasReLU: Bool

    package init(epsilon: Double, hasReLU: Bool) {
        self.epsilon = epsilon
        self.hasReLU = hasReLU
    }
}

/// What the gradients of a batch norm need beside that of its output.
package struct BatchNormTrace: Sendable {
    /// Those that the source was normalised by, f64 for a source of f64, else f32.
    package let statistics: ChannelStatistics
    let form: BatchNormForm
    let source: Tensor
    /// Kept only where the ReLU's mask is not computed from the source.
    var output: Tensor?
    let scale: Tensor
    let shift: Tensor

    fileprivate func keeping(_ output: Tensor) -> BatchNormTrace {
        var copy = self
        copy.output = output
        return copy
    }

    /// Lends what is known of each channel; the batch's own statistics are written there.
    func lendChannels<Scalar: TensorElement>(_ body: (BatchNormChannels<Scalar>) -> Void) {
        statistics.mean.read(Scalar.self) { mean in
            statistics.variance.read(Scalar.self) { variance in
                scale.read(Scalar.self) { scale in
                    shift.read(Scalar.self) { shift in
                        body(
                            BatchNormChannels(
                                scale: scale, shift: shift, mean: UnsafeMutablePointer(mutating: mean),
                                variance: UnsafeMutablePointer(mutating: variance)))
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// Normalises each channel of `[N, C, H, W]`, f32, f64 or bf16, by the batch's statistics or by given ones, scales
    /// and shifts it; then adds the residual and rectifies.
    ///
    /// Scale and shift are `[C]`, the residual is of this tensor's shape and kind.
    package func batchNormalised(
        by given: ChannelStatistics?, scale: Tensor, shift: Tensor, residual: Tensor?,
        options: BatchNormOptions
    ) -> (output: Tensor, trace: BatchNormTrace) {
        let s = image("batch norm")
        requireFit(scale, shift, residual)
        let kind: DType = dtype == .f64 ? .f64 : .f32
        let trace = BatchNormTrace(
            statistics: given?.cast(to: kind) ?? unwrittenStatistics(kind),
            form: BatchNormForm(
                s, epsilon: options.epsilon, hasReLU: options.hasReLU, hasConstantStatistics: given != nil),
            source: self, scale: scale.cast(to: kind), shift: shift.cast(to: kind))
        let output = normalised(trace, residual?.reordered(to: layout))
        let needsOutput = options.hasReLU && (residual != nil || dtype == .f64)
        return (output, needsOutput ? trace.keeping(output) : trace)
    }

    private func normalised(_ trace: BatchNormTrace, _ residual: Tensor?) -> Tensor {
        let form = trace.form
        return switch dtype {
        case .f64:
            normalised(trace, residual) { (channels, x: UnsafePointer<Double>, residual, y) in
                PlainBatchNorm.forward(
                    form, channels: channels, source: x, residual: residual, destination: y)
            }
        case .f32:
            normalised(trace, residual) { (channels, x: UnsafePointer<Float>, residual, y) in
                FastBatchNorm.forward(
                    form, channels: channels, source: x, residual: residual, destination: y)
            }
        default:
            normalised(trace, residual) { (channels, x: UnsafePointer<UInt16>, residual, y) in
                FastBatchNorm.forward(
                    form, channels: channels, source: x, residual: residual, destination: y)
            }
        }
    }

    private func normalised<Element: BitwiseCopyable, Scalar: TensorElement>(
        _ trace: BatchNormTrace, _ residual: Tensor?,
        _ kernel: (
            BatchNormChannels<Scalar>, UnsafePointer<Element>, UnsafePointer<Element>?,
            UnsafeMutablePointer<Element>
        ) -> Void
    ) -> Tensor {
        Tensor(shape: shape, dtype: dtype, layout: layout, as: Element.self) { y in
            guard count > 0 else { return }
            lend(as: Element.self) { x in
                Tensor.lend(residual, as: Element.self) { residual in
                    trace.lendChannels { kernel($0, x, residual, y) }
                }
            }
        }
    }

    private func requireFit(_ scale: Tensor, _ shift: Tensor, _ residual: Tensor?) {
        guard [.f32, .f64, .bf16].contains(dtype) else {
            dtypeMistake("batch norm", dtype, supported: [.f32, .f64, .bf16])
        }
        for channels in [scale, shift] where channels.shape != [shape[1]] {
            shapeMistake("batch norm", shape, channels.shape)
        }
        guard let residual else { return }
        guard residual.shape == shape else {
            shapeMistake("batch norm with a residual", shape, residual.shape)
        }
        guard residual.dtype == dtype else {
            dtypeMistake("batch norm of \(dtype) with a residual", residual.dtype, supported: [dtype])
        }
    }

    /// Room for the batch's own statistics; stops the program where there is nothing to take them of.
    private func unwrittenStatistics(_ kind: DType) -> ChannelStatistics {
        guard count > 0 else { shapeMistake("batch norm", shape, "at least one image of one pixel") }
        return ChannelStatistics(
            mean: .unwritten([shape[1]], dtype: kind), variance: .unwritten([shape[1]], dtype: kind))
    }
}
