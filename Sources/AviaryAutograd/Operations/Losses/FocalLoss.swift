public import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The binary cross entropy with easy examples weighted down: `-αₜ · (1 - pₜ)^γ · log pₜ`.
///
/// `pₜ` is the probability that the logit gives to the target, `αₜ` is `alpha` for yes and `1 - alpha` for no.
///
/// - Parameters:
///   - logits: Any shape.
///   - target: The same shape, each the probability of yes, a constant; int64 and int32 are taken as well.
///   - alpha: The weight of yes against no; `nil` for 1 on both sides.
///   - gamma: How strongly easy examples are weighted down; 0 leaves the cross entropy.
///   - reduction: How the elements' losses become the result; `.none` as torchvision's default.
/// - Returns: A scalar, or with `.none` the shape of the logits.
///
/// Source: Lin et al. 2017, equation 5; equal to torchvision's `sigmoid_focal_loss`.
public func focalLoss(
    logits: Variable, target: Tensor, alpha: Double? = 0.25, gamma: Double = 2, reduction: Reduction = .none
) -> Variable {
    let focal = Focal(alpha: alpha, gamma: gamma)
    let target = target.answers("focal loss", beside: logits.dtype)
    let losses = logits.loss("focal loss", target: target, focal.value, slope: focal.slope)
    return losses.reduced(by: reduction)
}

private struct Focal {
    let alpha: Double?
    let gamma: Double

    func value(_ x: Double, _ y: Double) -> Double {
        weight(y) * pow(missed(x, y), gamma) * crossEntropy(x, y)
    }

    func slope(_ x: Double, _ y: Double) -> Double {
        let (p, miss) = (logistic(x), missed(x, y))
        let ofCrossEntropy = pow(miss, gamma) * (p - y)
        // Where nothing is missed the power's slope is 0 / 0 for γ below 1; its limit, with p (1 - p), is 0.
        guard gamma != 0, miss > 0 else { return weight(y) * ofCrossEntropy }
        let slopeOfMiss = p * logistic(-x) * (1 - 2 * y)
        let ofPower = gamma * pow(miss, gamma - 1) * slopeOfMiss * crossEntropy(x, y)
        return weight(y) * (ofCrossEntropy + ofPower)
    }

    /// `1 - pₜ`, from the side that keeps its digits when `pₜ` is near 1.
    private func missed(_ x: Double, _ y: Double) -> Double { logistic(x) * (1 - y) + logistic(-x) * y }

    private func crossEntropy(_ x: Double, _ y: Double) -> Double { y * softplus(-x) + (1 - y) * softplus(x) }

    private func weight(_ y: Double) -> Double { alpha.map { $0 * y + (1 - $0) * (1 - y) } ?? 1 }
}

private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// `log(1 + e^x)`; the power is at most 1, so that nothing overflows.
private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
