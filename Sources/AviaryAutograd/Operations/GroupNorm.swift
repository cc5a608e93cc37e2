import AviaryTensors

/// Normalises groups of neighbouring channels of each image, or of each row, then scales and shifts each channel.
///
/// - Parameters:
///   - x: `[N, C, …]`: further axes as many as there are, or none.
///   - groups: How many; a divisor of `C`.
///   - weight: `[C]`; `nil` for a scale of 1.
///   - bias: `[C]`; `nil` for a shift of 0.
///   - epsilon: Added to the variance.
/// - Returns: The shape of `x`.
///
/// Source: Wu and He 2018, equations 1, 2 and 6.
public func groupNorm(
    _ x: Variable, groups: Int, weight: Variable? = nil, bias: Variable? = nil, epsilon: Double = 1e-5
) -> Variable {
    guard x.shape.count >= 2 else { shapeMistake("group norm", x.shape, "[N, C, …]") }
    let channels = x.shape[1]
    guard groups > 0, channels.isMultiple(of: groups) else {
        shapeMistake("group norm", x.shape, "channels that \(groups) groups share evenly")
    }
    for parameter in [weight, bias] {
        guard let shape = parameter?.shape else { continue }
        guard shape == [channels] else { shapeMistake("group norm", x.shape, shape) }
    }
    let columns = channels / groups * Array(x.shape.dropFirst(2)).product
    let alongChannels = [channels] + [Int](repeating: 1, count: x.shape.count - 2)  // [C, 1, …]
    return x.normalised("group norm", weight, bias) { x, weight, bias in
        let rows = x.reshaped([x.shape[0] * groups, columns])  // [N · groups, C / groups · …]
        let normal = groupsNormalised(rows, epsilon: epsilon, named: "group norm").reshaped(x.shape)
        let scaled = weight.map { normal * $0.reshaped(alongChannels) } ?? normal
        return bias.map { scaled + $0.reshaped(alongChannels) } ?? scaled
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
