public import AviaryTensors

/// The distance to the target, a parabola where it is below `beta`.
///
/// `(x - y)² / (2 beta)` if `|x - y| < beta`, else `|x - y| - beta / 2`; with `beta` 0 the plain distance.
///
/// - Parameters:
///   - x: Any shape.
///   - target: The same shape, a constant.
///   - beta: Where the parabola ends, 0 or greater.
///   - reduction: How the elements' losses become the result.
/// - Returns: A scalar, or with `.none` the shape of `x`.
///
/// Source: Girshick 2015 (Fast R-CNN), equation 3; PyTorch's `smooth_l1_loss`.
public func smoothL1(
    _ x: Variable, target: Tensor, beta: Double = 1, reduction: Reduction = .mean
) -> Variable {
    guard beta >= 0 else { fatalError("smooth L1: takes a beta of 0 or greater, given was \(beta)") }
    let losses = x.loss("smooth L1", target: target) { x, y in
        let distance = abs(x - y)
        return distance < beta ? distance * distance / (2 * beta) : distance - beta / 2
    } slope: { x, y in
        abs(x - y) < beta ? (x - y) / beta : x > y ? 1 : x < y ? -1 : 0
    }
    return losses.reduced(by: reduction)
}
