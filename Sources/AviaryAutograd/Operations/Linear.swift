import AviaryTensors

/// `x · weightᵀ + bias` along the last axis, as PyTorch's `linear`.
///
/// - Parameters:
///   - x: `[…, in]`.
///   - weight: `[out, in]`.
///   - bias: `[out]`.
/// - Returns: `[…, out]`.
public func linear(_ x: Variable, weight: Variable, bias: Variable?) -> Variable {
    guard weight.shape.count == 2, x.shape.last == weight.shape[1] else {
        shapeMistake("linear", x.shape, weight.shape)
    }
    if let bias, bias.shape != [weight.shape[0]] { shapeMistake("linear bias", weight.shape, bias.shape) }
    guard x.shape.count != 2 else { return linearOfRows(x, weight, bias) }
    let leading = Array(x.shape.dropLast())
    let rows = x.reshaped([leading.product, weight.shape[1]])
    return linearOfRows(rows, weight, bias).reshaped(leading + [weight.shape[0]])
}

/// The same for `x` of `[rows, in]`.
private func linearOfRows(_ x: Variable, _ weight: Variable, _ bias: Variable?) -> Variable {
    let output = x.tensor.product(weight.tensor, isRightTransposed: true, bias: bias?.tensor)
    let keptInput = weight.needsGradient ? x.tensor : nil
    let keptWeight = x.needsGradient ? weight.tensor : nil
    let biasShape = bias?.shape
    return x.pass.record(
        output, from: [x, weight] + (bias.map { [$0] } ?? []), multiplyAdds: x.shape[0] * weight.shape.product
    ) { upstream in
        [
            keptWeight.map { upstream.product($0) },
            keptInput.map { upstream.product($0, isLeftTransposed: true) },
            biasShape.map { upstream.summed(to: $0) },
        ]
    }
}
