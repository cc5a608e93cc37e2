public import AviaryTensors

/// The distance to the target, `|x - y|`; PyTorch's `l1_loss`.
///
/// - Parameters:
///   - x: Any shape.
///   - target: The same shape, a constant.
///   - reduction: How the elements' losses become the result.
/// - Returns: A scalar, or with `.none` the shape of `x`.
public func absoluteError(_ x: Variable, target: Tensor, reduction: Reduction = .mean) -> Variable {
    let losses = x.loss(
        "absolute error", target: target, { abs($0 - $1) }, slope: { $0 > $1 ? 1 : $0 < $1 ? -1 : 0 })
    return losses.reduced(by: reduction)
}
