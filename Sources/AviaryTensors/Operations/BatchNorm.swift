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
    fileprivate let form: BatchNormForm
    fileprivate let source: Tensor
    /// Kept only where the ReLU's mask cannot be computed from the source.
    fileprivate let output: Tensor?
    fileprivate let scale: Tensor
    fileprivate let shift: Tensor
}

/// The gradients of a batch norm; those of scale and shift are f64 for a source of f64, else f32.
package struct BatchNormGradients {
    package let source: Tensor
    package let scale: Tensor
    package let shift: Tensor
    /// `nil` where it was not asked for.
    package let residual: Tensor?
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
        let form = BatchNormForm(
            s, epsilon: options.epsilon, hasReLU: options.hasReLU, hasConstantStatistics: given != nil)
        let kind: DType = dtype == .f64 ? .f64 : .f32
        let (scale, shift) = (scale.cast(to: kind), shift.cast(to: kind))
        let statistics = given?.cast(to: kind) ?? unwrittenStatistics(kind)
        let residual = residual?.reordered(to: layout)
        func normalise<Element: BitwiseCopyable, Scalar: TensorElement>(
            _ kernel: (
                BatchNormChannels<Scalar>, UnsafePointer<Element>, UnsafePointer<Element>?,
                UnsafeMutablePointer<Element>
            ) -> Void
        ) -> Tensor {
            Tensor(shape: shape, dtype: dtype, layout: layout, as: Element.self) { y in
                guard count > 0 else { return }
                lend(as: Element.self) { x in
                    Tensor.lend(residual, as: Element.self) { residual in
                        withChannels(statistics, scale, shift) { kernel($0, x, residual, y) }
                    }
                }
            }
        }
        let output =
            switch dtype {
            case .f64:
                normalise { (channels, x: UnsafePointer<Double>, residual, y) in
                    PlainBatchNorm.forward(
                        form, channels: channels, source: x, residual: residual, destination: y)
                }
            case .f32:
                normalise { (channels, x: UnsafePointer<Float>, residual, y) in
                    FastBatchNorm.forward(
                        form, channels: channels, source: x, residual: residual, destination: y)
                }
            default:
                normalise { (channels, x: UnsafePointer<UInt16>, residual, y) in
                    FastBatchNorm.forward(
                        form, channels: channels, source: x, residual: residual, destination: y)
                }
            }
        let needsOutput = options.hasReLU && (residual != nil || dtype == .f64)
        let trace = BatchNormTrace(
            statistics: statistics, form: form, source: self, output: needsOutput ? output : nil,
            scale: scale,
            shift: shift)
        return (output, trace)
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
        func channels() -> Tensor {
            let storage = Storage(byteCount: shape[1] * kind.byteCount)
            return Tensor(shape: [shape[1]], dtype: kind, layout: .plain, storage: storage)
        }
        return ChannelStatistics(mean: channels(), variance: channels())
    }

    /// The gradients of a batch norm whose output had this gradient, or the sum of this and another one.
    ///
    /// - Parameters:
    ///   - trace: What forward gave.
    ///   - other: What came back along a second way, of the same shape and kind; `nil` for nothing.
    ///   - wantsResidual: Whether the gradient by the residual is asked for.
    /// - Returns: In the source's layout.
    package func batchNormGradients(
        _ trace: BatchNormTrace, adding other: Tensor?, wantsResidual: Bool
    ) -> BatchNormGradients {
        let gradient = reordered(to: trace.source.layout)
        let other = other?.reordered(to: trace.source.layout)
        let kind = trace.scale.dtype
        guard count > 0 else {
            // Only of given statistics: those of no pixel have stopped the program before.
            let none = Tensor.zeros([trace.form.images.channels], dtype: kind)
            return BatchNormGradients(
                source: gradient, scale: none, shift: none, residual: wantsResidual ? gradient : nil)
        }
        // What nothing is added to or taken from is the residual's gradient as it is.
        let isUnchanged = !trace.form.hasReLU && other == nil
        let residual = wantsResidual && !isUnchanged ? Tensor(unwrittenLike: gradient) : nil
        let (scale, shift) = (Tensor(unwrittenLike: trace.scale), Tensor(unwrittenLike: trace.scale))
        let source =
            switch dtype {
            case .f64:
                gradient.pulledBack(trace, other, into: (residual, scale, shift)) {
                    (
                        channels, upstream: BatchNormUpstream<Double>,
                        downstream: BatchNormDownstream<Double, Double>
                    ) in
                    PlainBatchNorm.backward(
                        trace.form, channels: channels, upstream: upstream, into: downstream)
                }
            case .f32:
                gradient.pulledBack(trace, other, into: (residual, scale, shift)) {
                    (
                        channels, upstream: BatchNormUpstream<Float>,
                        downstream: BatchNormDownstream<Float, Float>
                    ) in
                    FastBatchNorm.backward(
                        trace.form, channels: channels, upstream: upstream, into: downstream)
                }
            default:
                gradient.pulledBack(trace, other, into: (residual, scale, shift)) {
                    (
                        channels, upstream: BatchNormUpstream<UInt16>,
                        downstream: BatchNormDownstream<UInt16, Float>
                    ) in
                    FastBatchNorm.backward(
                        trace.form, channels: channels, upstream: upstream, into: downstream)
                }
            }
        return BatchNormGradients(
            source: source, scale: scale, shift: shift,
            residual: wantsResidual ? residual ?? gradient : nil)
    }

    /// The gradient by the source; the others are written into tensors that were made for it.
    private func pulledBack<Element: BitwiseCopyable, Scalar: TensorElement>(
        _ trace: BatchNormTrace, _ other: Tensor?,
        into made: (residual: Tensor?, scale: Tensor, shift: Tensor),
        _ kernel: (
            BatchNormChannels<Scalar>, BatchNormUpstream<Element>, BatchNormDownstream<Element, Scalar>
        ) -> Void
    ) -> Tensor {
        Tensor(shape: shape, dtype: dtype, layout: layout, as: Element.self) { dx in
            trace.source.lend(as: Element.self) { x in
                Tensor.lend(trace.output, as: Element.self) { y in
                    Tensor.lend(other, as: Element.self) { other in
                        lend(as: Element.self) { dy in
                            withChannels(trace.statistics, trace.scale, trace.shift) {
                                kernel(
                                    $0, BatchNormUpstream(source: x, output: y, gradient: dy, other: other),
                                    BatchNormDownstream(
                                        source: dx, residual: made.residual?.unwritten(as: Element.self),
                                        scale: made.scale.unwritten(as: Scalar.self),
                                        shift: made.shift.unwritten(as: Scalar.self)))
                            }
                        }
                    }
                }
            }
        }
    }

    /// `kept` times this plus `share` times another: running statistics after a batch, `[C]` of f32 or f64.
    package func blended(with other: Tensor, keeping kept: Double, adding share: Double) -> Tensor {
        guard other.shape == shape else { shapeMistake("running statistics", shape, other.shape) }
        func blend<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let (kept, share) = (T(kept), T(share))
            return Tensor(shape: shape, of: T.self) { output in
                read(T.self) { old in
                    other.cast(to: dtype).read(T.self) { new in
                        for i in 0..<count { output[i] = kept * old[i] + share * new[i] }
                    }
                }
            }
        }
        return dtype == .f64 ? blend(Double.self) : blend(Float.self)
    }
}

extension Tensor {
    /// Room for a tensor of another's shape, kind and layout, to be written before anybody else sees it.
    fileprivate init(unwrittenLike other: Tensor) {
        let layout = other.layout.dense
        let storage = Storage(byteCount: layout.elementCount(other.shape) * other.dtype.byteCount)
        self.init(shape: other.shape, dtype: other.dtype, layout: layout, storage: storage)
    }

    fileprivate func unwritten<Element>(as element: Element.Type) -> UnsafeMutablePointer<Element> {
        storage.bytes.bindMemory(to: element, capacity: elementCountInMemory)
    }
}

/// Lends what a batch norm knows of each channel; its own statistics are written there.
private func withChannels<Scalar: TensorElement>(
    _ statistics: ChannelStatistics, _ scale: Tensor, _ shift: Tensor,
    _ body: (BatchNormChannels<Scalar>) -> Void
) {
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
