import AviaryKernels

/// What follows a product: a bias, a function of one element, dropout.
package struct BiasActivationRule: Sendable {
    /// A ReLU, a SiLU, a form of GELU, a sigmoid or a hyperbolic tangent.
    package var operation: ElementOperation
    package var dropout: DropoutRule?

    package init(_ operation: ElementOperation, dropout: DropoutRule? = nil) {
        self.operation = operation
        self.dropout = dropout
    }
}

extension Tensor {
    private static let biasActivation = "bias and activation"

    /// `dropout(operation(self + bias))` of `[…, columns]`, with a bias `[columns]`; the result is of this kind.
    package func biasActivated(bias: Tensor, _ rule: BiasActivationRule) -> Tensor {
        let call = biasActivation(bias, rule)
        let source = plain
        if let kind = dtype.native {
            return Tensor(like: source) { output in
                source.read(beside: bias, as: Float.self) {
                    FastBiasActivation.forward(call, kind, x: $0, bias: $1, output: output)
                }
            }
        }
        switch dtype {
        case .f64:
            return Tensor(shape: shape, of: Double.self) { output in
                source.read(beside: bias, as: Double.self) {
                    PlainBiasActivation.forward(
                        call, x: $0.assumingMemoryBound(to: Double.self), bias: $1, output: output)
                }
            }
        case .f16: return widened.biasActivated(bias: bias, rule).cast(to: dtype)
        default: dtypeMistake(Self.biasActivation, dtype, supported: DType.reals)
        }
    }

    /// The gradients of `biasActivated` by this tensor and, where it is wanted, by the bias: f32, or f64 if this is.
    package func biasActivationGradients(
        bias: Tensor, _ rule: BiasActivationRule, upstream: Tensor, needsBias: Bool
    ) -> (source: Tensor, bias: Tensor?) {
        guard upstream.shape == shape else { shapeMistake(Self.biasActivation, shape, upstream.shape) }
        let call = biasActivation(bias, rule)
        if let kind = dtype.native {
            return gradients(bias, upstream, needsBias, Float.self) { x, bias, upstream, output, sums in
                FastBiasActivation.backward(
                    call, kind, x: x, bias: bias, upstream: upstream, gradient: output, biasGradient: sums)
            }
        }
        switch dtype {
        case .f64:
            return gradients(bias, upstream, needsBias, Double.self) { x, bias, upstream, output, sums in
                PlainBiasActivation.backward(
                    call, x: x.assumingMemoryBound(to: Double.self), bias: bias,
                    upstream: upstream.assumingMemoryBound(to: Double.self),
                    gradient: output.assumingMemoryBound(to: Double.self), biasGradient: sums)
            }
        case .f16:
            let wide = widened.biasActivationGradients(
                bias: bias, rule, upstream: upstream.widened, needsBias: needsBias)
            return (wide.source.cast(to: dtype), wide.bias)
        default: dtypeMistake(Self.biasActivation, dtype, supported: DType.reals)
        }
    }

    private func biasActivation(_ bias: Tensor, _ rule: BiasActivationRule) -> BiasActivation {
        guard let columns = shape.last, bias.shape == [columns] else {
            shapeMistake(Self.biasActivation, shape, bias.shape)
        }
        return BiasActivation(
            rows: shape.dropLast().reduce(1, *), columns: columns, function: rule.operation.function,
            dropout: rule.dropout?.elementDropout(count: count))
    }

    private func gradients<T: TensorElement>(
        _ bias: Tensor, _ upstream: Tensor, _ needsBias: Bool, _ type: T.Type,
        _ kernel: (
            UnsafeRawPointer, UnsafePointer<T>, UnsafeRawPointer, UnsafeMutableRawPointer,
            UnsafeMutablePointer<T>?
        ) -> Void
    ) -> (source: Tensor, bias: Tensor?) {
        let (source, upstream) = (plain, upstream.plain)
        let biasGradient = needsBias ? Tensor.unwritten(bias.shape, dtype: T.dtype) : nil
        let gradient = Tensor(like: source) { output in
            source.read(beside: bias, as: type) { x, numbers in
                upstream.readBytes { upstream in
                    kernel(x, numbers, upstream, output, biasGradient?.unwritten(as: type))
                }
            }
        }
        return (gradient, biasGradient)
    }

    /// Lends the bytes of this tensor and the elements of a bias, brought to another kind.
    private func read<T: TensorElement>(
        beside bias: Tensor, as type: T.Type, _ body: (UnsafeRawPointer, UnsafePointer<T>) -> Void
    ) {
        let bias = bias.cast(to: T.dtype).plain
        readBytes { source in bias.read(type) { body(source, $0) } }
    }
}
