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
    let leading = Array(x.shape.dropLast())
    let rows = x.shape.count == 2 ? x : x.reshaped([leading.product, weight.shape[1]])
    let output = x.pass.arithmetic("linear", on: [rows, weight] + (bias.map { [$0] } ?? [])) { inputs in
        linearOfRows(inputs, inputs[0].tensor, weight: inputs[1].tensor, bias: inputs.dropFirst(2).first)
    }
    return x.shape.count == 2 ? output : output.reshaped(leading + [weight.shape[0]])
}

/// The same for `x` of `[rows, in]`.
private func linearOfRows(_ inputs: [Variable], _ x: Tensor, weight: Tensor, bias: Variable?) -> Variable {
    let output = x.product(weight, isRightTransposed: true, bias: bias?.tensor)
    let keptInput = inputs[1].needsGradient ? x : nil
    let keptWeight = inputs[0].needsGradient ? weight : nil
    let biasShape = bias?.shape
    return inputs[0].pass.record(output, from: inputs, multiplyAdds: x.shape[0] * weight.count) { upstream in
        [
            keptWeight.map { upstream.product($0) },
            keptInput.map { upstream.product($0, isLeftTransposed: true) },
            biasShape.map { upstream.summed(to: $0) },
        ]
    }
}
