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
    let normal = rowNorm(x.reshaped([rows, width]), epsilon: epsilon, named: "layer norm").reshaped(x.shape)
    let scaled = weight.map { normal * $0 } ?? normal
    return bias.map { scaled + $0 } ?? scaled
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
