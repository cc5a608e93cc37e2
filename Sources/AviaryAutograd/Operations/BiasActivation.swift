import AviaryTensors

/// A function of one element that follows a linear layer.
public enum Activation: String, Sendable, CaseIterable {
    /// The positive part.
    case relu
    /// The Gaussian error linear unit by the error function.
    case gelu
    /// The same by the hyperbolic tangent.
    case tanhGELU
    /// The sigmoid linear unit.
    case silu
    case sigmoid
    case tanh

    fileprivate var operation: ElementOperation {
        switch self {
        case .relu: .relu
        case .gelu: .gelu
        case .tanhGELU: .tanhGELU
        case .silu: .silu
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        }
    }
}

/// Adds a bias, applies an activation and drops elements, in one pass over memory each way:
/// `dropout(activation(x + bias))`.
///
/// What it draws is what `dropout` would draw here. Backward keeps `x` and the bias alone: sum, slope and mask are
/// computed again. Numbers of two bytes are rounded once, at the end; the gradient of the bias is summed in double
/// precision, in an order that does not depend on the number of threads.
///
/// - Parameters:
///   - x: `[…, width]`: the product of a linear layer that has added no bias.
///   - bias: `[width]`.
///   - activation: What is applied to the sum.
///   - dropout: How likely an element is dropped in training, in `0...1`.
/// - Returns: The shape and kind of `x`.
///
/// Source: the first half of the feed-forward network of Vaswani et al. 2017, section 3.3. Equal to PyTorch's
/// `dropout(activation(x + bias))`.
public func biasActivation(
    _ x: Variable, bias: Variable, activation: Activation, dropout: Double = 0
) -> Variable {
    let rule = BiasActivationRule(
        activation.operation, dropout: x.pass.dropoutRule(dropout, for: "bias and activation's dropout"))
    return x.pass.arithmetic("bias and activation", on: [x, bias], isLikeFirst: true, native: [.bf16]) {
        inputs in
        let (x, bias) = (inputs[0].tensor, inputs[1].tensor)
        let needsBias = inputs[1].needsGradient
        return inputs[0].pass.record(x.biasActivated(bias: bias, rule), from: inputs) { upstream in
            let gradients = x.biasActivationGradients(
                bias: bias, rule, upstream: upstream, needsBias: needsBias)
            return [gradients.source, gradients.bias]
        }
    }
}
