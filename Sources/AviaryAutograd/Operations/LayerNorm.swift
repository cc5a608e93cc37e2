import AviaryTensors

/// Normalises along the last axis, then scales and shifts each of its elements.
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
    guard let width = x.shape.last else { shapeMistake("layer norm", x.shape, "[…, D]") }
    for parameter in [weight, bias] {
        guard let shape = parameter?.shape else { continue }
        guard shape == [width] else { shapeMistake("layer norm", x.shape, shape) }
    }
    let rows = x.shape.dropLast().reduce(1, *)
    return x.normalised("layer norm", weight, bias) { x, weight, bias in
        let normal = rowNorm(x.reshaped([rows, width]), epsilon: epsilon, named: "layer norm")
            .reshaped(x.shape)
        let scaled = weight.map { normal * $0 } ?? normal
        return bias.map { scaled + $0 } ?? scaled
    }
}

extension Variable {
    /// A norm of this variable, of its kind; scale and shift may be of a wider one.
    func normalised(
        _ name: String, _ weight: Variable?, _ bias: Variable?,
        _ norm: (Variable, _ weight: Variable?, _ bias: Variable?) -> Variable
    ) -> Variable {
        let given = [self, weight, bias].compactMap { $0 }
        return pass.arithmetic(name, on: given, isLikeFirst: true) { operands in
            let hasWeight = weight != nil
            return norm(
                operands[0], hasWeight ? operands[1] : nil,
                bias == nil ? nil : operands[hasWeight ? 2 : 1])
        }
    }
}

/// Each row of `[rows, columns]` at mean 0 and variance 1.
///
/// Backward keeps the output, which the product with the weight keeps as well, and not the input.
func rowNorm(_ x: Variable, epsilon: Double, named name: String) -> Variable {
    let (output, factors) = x.tensor.rowsNormalised(epsilon: epsilon, named: name)
    return x.pass.record(output, from: [x]) {
        [output.rowNormGradient(factors: factors, upstream: $0, named: name)]
    }
}
