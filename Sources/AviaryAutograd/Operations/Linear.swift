import AviaryTensors

/// `x · weightᵀ + bias`, as PyTorch's `linear`.
///
/// - Parameters:
///   - x: `[rows, in]`.
///   - weight: `[out, in]`.
///   - bias: `[out]`.
/// - Returns: `[rows, out]`.
public func linear(_ x: Variable, weight: Variable, bias: Variable?) -> Variable {
    let output = x.tensor.product(weight.tensor, isRightTransposed: true, bias: bias?.tensor)
    let keptInput = weight.needsGradient ? x.tensor : nil
    let keptWeight = x.needsGradient ? weight.tensor : nil
    let biasShape = bias?.shape
    return x.pass.record(output, from: [x, weight] + (bias.map { [$0] } ?? [])) { upstream in
        [
            keptWeight.map { upstream.product($0) },
            keptInput.map { upstream.product($0, isLeftTransposed: true) },
            biasShape.map { upstream.summed(to: $0) },
        ]
    }
}
