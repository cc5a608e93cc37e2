import AviaryKernels

/// The gradients of a batch norm; those of scale and shift are f64 for a source of f64, else f32.
package struct BatchNormGradients {
    package let source: Tensor
    package let scale: Tensor
    package let shift: Tensor
    /// `nil` where it was not asked for.
    package let residual: Tensor?
}

extension Tensor {
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
        let residual =
            wantsResidual && !isUnchanged
            ? Tensor.unwritten(gradient.shape, dtype: gradient.dtype, layout: gradient.layout) : nil
        let scale = Tensor.unwritten(trace.scale.shape, dtype: kind)
        let shift = Tensor.unwritten(trace.scale.shape, dtype: kind)
        let source = gradient.pulledBack(trace, other, into: (residual, scale, shift))
        return BatchNormGradients(
            source: source, scale: scale, shift: shift,
            residual: wantsResidual ? residual ?? gradient : nil)
    }

    /// What of the gradients is written into tensors that were made for it.
    private typealias Made = (residual: Tensor?, scale: Tensor, shift: Tensor)

    /// The gradient by the source; the others are written where there is room for them.
    private func pulledBack(_ trace: BatchNormTrace, _ other: Tensor?, into made: Made) -> Tensor {
        let form = trace.form
        return switch dtype {
        case .f64:
            pulledBack(trace, other, into: made) {
                (channels, upstream: BatchNormUpstream<Double>, downstream) in
                PlainBatchNorm.backward(form, channels: channels, upstream: upstream, into: downstream)
            }
        case .f32:
            pulledBack(trace, other, into: made) {
                (channels, upstream: BatchNormUpstream<Float>, downstream) in
                FastBatchNorm.backward(form, channels: channels, upstream: upstream, into: downstream)
            }
        default:
            pulledBack(trace, other, into: made) {
                (channels, upstream: BatchNormUpstream<UInt16>, downstream) in
                FastBatchNorm.backward(form, channels: channels, upstream: upstream, into: downstream)
            }
        }
    }

    private func pulledBack<Element: BitwiseCopyable, Scalar: TensorElement>(
        _ trace: BatchNormTrace, _ other: Tensor?,
        into made: Made,
        _ kernel: (
            BatchNormChannels<Scalar>, BatchNormUpstream<Element>, BatchNormDownstream<Element, Scalar>
        ) -> Void
    ) -> Tensor {
        Tensor(shape: shape, dtype: dtype, layout: layout, as: Element.self) { dx in
            trace.source.lend(as: Element.self) { x in
                Tensor.lend(trace.output, as: Element.self) { y in
                    Tensor.lend(other, as: Element.self) { other in
                        lend(as: Element.self) { dy in
                            trace.lendChannels {
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
}
