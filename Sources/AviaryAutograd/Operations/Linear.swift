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
    return x.pass.arithmetic(
        "linear", on: [x, weight] + (bias.map { [$0] } ?? []), native: DType.withProducts
    ) { inputs in
        linear(inputs, inputs[0].tensor, weight: inputs[1].tensor, bias: inputs.dropFirst(2).first)
    }
}

/// The axes in front become rows, for the products alone.
private func linear(_ inputs: [Variable], _ x: Tensor, weight: Tensor, bias: Variable?) -> Variable {
    let (leading, width) = (Array(x.shape.dropLast()), weight.shape[0])
    let rows = x.reshaped([leading.product, weight.shape[1]])
    let output = rows.product(weight, isRightTransposed: true, bias: bias?.tensor)  // [rows, out]
    let keptInput = inputs[1].needsGradient ? rows : nil
    let keptWeight = inputs[0].needsGradient ? weight : nil
    let (shape, biasShape) = (x.shape, bias.flatMap { $0.needsGradient ? $0.shape : nil })
    let hasBias = bias != nil
    // What was rounded on its way in, weight or bias, keeps its gradient unrounded.
    let gradientKind: DType = x.dtype == .f64 ? .f64 : .f32
    return inputs[0].pass.record(
        output.reshaped(leading + [width]), from: inputs, multiplyAdds: leading.product * weight.count
    ) { upstream in
        let upstream = upstream.reshaped([leading.product, width])
        let gradients = [
            keptWeight.map { upstream.product($0).reshaped(shape) },
            keptInput.map { upstream.product($0, isLeftTransposed: true, output: gradientKind) },
            biasShape.map { upstream.summed(to: $0, output: gradientKind) },
        ]
        return Array(gradients.prefix(hasBias ? 3 : 2))
    }
}
