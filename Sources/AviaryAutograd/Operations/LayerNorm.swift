import AviaryTensors

/// Normalises along the last axis, then scales and shifts each of its elements.
///
/// Computed in `f32` whatever the kind of the input, and rounded once. The output is of the input's kind, also under
/// autocast, which names no layer norm: a stream of `f32` stays one, and what a product has rounded to two bytes already
/// is not written in four. (PyTorch's autocast does so on the CPU; that for CUDA answers in `f32`.)
///
/// - Parameters:
///   - x: `[…, D]`.
///   - weight: `[D]`; `nil` for a scale of 1.
///   - bias: `[D]`; `nil` for a shift of 0.
///   - epsilon: Added to the variance.
/// - Returns: The shape of `x`.
///
/// Source: Ba et al. 2016, equation 3; equal to PyTorch's `layer_norm` over the last axis.
public func layerNorm(
    _ x: Variable, weight: Variable? = nil, bias: Variable? = nil, epsilon: Double = 1e-5
) -> Variable {
    requireLayerNormParameters(x, weight, bias)
    return x.normalised("layer norm", weight, bias, native: [.bf16]) { x, weight, bias in
        let parameters = LayerNormParameters(weight, bias, beside: x)
        let (kind, needs, options) = (x.tensor.dtype, x.needsGradient, LayerNormOptions(epsilon: epsilon))
        let outcome = x.tensor.layerNorm(weight: parameters.weight, bias: parameters.bias, options)
        return x.pass.recordAdding(outcome.output, from: [x] + parameters.variables) {
            [parameters = parameters.constants] upstream, other in
            let gradients = outcome.gradients(
                (kind, nil), weight: parameters.weight, options,
                upstream: [upstream, other].compactMap { $0 }, needs: (needs, false))
            return [gradients.source] + parameters.gradients(gradients)
        }
    }
}

/// Stops the program unless scale and shift have the extent of the last axis.
func requireLayerNormParameters(_ x: Variable, _ weight: Variable?, _ bias: Variable?) {
    guard let width = x.shape.last else { shapeMistake("layer norm", x.shape, "[…, D]") }
    for parameter in [weight, bias] {
        guard let shape = parameter?.shape else { continue }
        guard shape == [width] else { shapeMistake("layer norm", x.shape, shape) }
    }
}

/// The scale and the shift of a layer norm, each of which may be missing, in the kind in which it computes.
struct LayerNormParameters {
    let weight: Tensor?
    let bias: Tensor?
    /// Those that there are.
    let variables: [Variable]

    init(_ weight: Variable?, _ bias: Variable?, beside x: Variable) {
        let kind: DType = x.tensor.dtype == .f64 ? .f64 : .f32
        let (weight, bias) = (weight?.cast(to: kind), bias?.cast(to: kind))
        (self.weight, self.bias) = (weight?.tensor, bias?.tensor)
        variables = [weight, bias].compactMap { $0 }
    }

    /// What the way back may hold: no variables.
    var constants: Constants { Constants(weight: weight, hasBias: bias != nil) }

    struct Constants {
        let weight: Tensor?
        let hasBias: Bool

        /// The gradients by those that there are.
        func gradients(_ all: LayerNormTensorGradients) -> [Tensor?] {
            (weight == nil ? [] : [all.weight]) + (hasBias ? [all.bias] : [])
        }
    }
}

extension Variable {
    /// A norm of this variable, of its kind; scale and shift may be of a wider one.
    func normalised(
        _ name: String, _ weight: Variable?, _ bias: Variable?, native: Set<DType> = [],
        _ norm: (Variable, _ weight: Variable?, _ bias: Variable?) -> Variable
    ) -> Variable {
        let given = [self, weight, bias].compactMap { $0 }
        return pass.arithmetic(name, on: given, isLikeFirst: true, native: native) { operands in
            let hasWeight = weight != nil
            return norm(
                operands[0], hasWeight ? operands[1] : nil,
                bias == nil ? nil : operands[hasWeight ? 2 : 1])
        }
    }
}
