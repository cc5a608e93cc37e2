import AviaryTensors

/// Normalises groups of neighbouring channels of each image, then scales and shifts each channel.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - groups: How many; a divisor of `C`.
///   - weight: `[C]`; `nil` for a scale of 1.
///   - bias: `[C]`; `nil` for a shift of 0.
///   - epsilon: Added to the variance.
/// - Returns: `[N, C, H, W]`.
///
/// Source: Wu and He 2018, equations 1, 2 and 6.
public func groupNorm(
    _ x: Variable, groups: Int, weight: Variable? = nil, bias: Variable? = nil, epsilon: Double = 1e-5
) -> Variable {
    guard x.shape.count == 4 else { shapeMistake("group norm", x.shape, "[N, C, H, W]") }
    let channels = x.shape[1]
    guard groups > 0, channels.isMultiple(of: groups) else {
        shapeMistake("group norm", x.shape, "channels that \(groups) groups share evenly")
    }
    for parameter in [weight, bias] {
        guard let shape = parameter?.shape else { continue }
        guard shape == [channels] else { shapeMistake("group norm", x.shape, shape) }
    }
    let columns = channels / groups * x.shape[2] * x.shape[3]
    return x.normalised("group norm", weight, bias) { x, weight, bias in
        let rows = x.reshaped([x.shape[0] * groups, columns])  // [N · groups, C / groups · H · W]
        let normal = groupsNormalised(rows, epsilon: epsilon, named: "group norm").reshaped(x.shape)
        let scaled = weight.map { normal * $0.reshaped([channels, 1, 1]) } ?? normal
        return bias.map { scaled + $0.reshaped([channels, 1, 1]) } ?? scaled
    }
}

/// Each row of `[rows, columns]` at mean 0 and variance 1.
///
/// Backward keeps the output, which the product with the weight keeps as well, and not the input.
private func groupsNormalised(_ x: Variable, epsilon: Double, named name: String) -> Variable {
    let (output, factors) = x.tensor.groupsNormalised(epsilon: epsilon, named: name)
    return x.pass.record(output, from: [x]) {
        [output.groupNormGradient(factors: factors, upstream: $0, named: name)]
    }
}
