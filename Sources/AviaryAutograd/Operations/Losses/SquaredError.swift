public import AviaryTensors

/// The squared distance to the target, `(x - y)²`; PyTorch's `mse_loss`.
///
/// - Parameters:
///   - x: Any shape.
///   - target: The same shape, a constant.
///   - reduction: How the elements' losses become the result.
/// - Returns: A scalar, or with `.none` the shape of `x`.
public func squaredError(_ x: Variable, target: Tensor, reduction: Reduction = .mean) -> Variable {
    let losses = x.loss(
        "squared error", target: target, { ($0 - $1) * ($0 - $1) }, slope: { 2 * ($0 - $1) })
    return losses.reduced(by: reduction)
}
