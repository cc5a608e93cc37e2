public import AviaryAutograd
import AviaryTensors

/// The factor that brings the norm of all gradients together down to `maximumNorm`; 1 if it is below.
///
/// Where the norm is infinite the factor is 0, and what was infinite becomes NaN; where it is NaN, so is the factor,
/// and with it every gradient: an update that is lost is lost as a whole, and seen.
///
/// Source: Pascanu et al. 2013, algorithm 1; PyTorch's `clip_grad_norm_` (its 1e-6 beside the norm included).
public func clippingFactor(_ gradients: Gradients, of parameters: [Parameter], maximumNorm: Double) -> Double
{
    let factor = maximumNorm / (gradientNorm(gradients, of: parameters) + 1e-6)
    // Swift's `min` of 1 and NaN is 1: it would not clip at all.
    return factor > 1 ? 1 : factor
}

/// The Euclidean norm of all gradients together.
public func gradientNorm(_ gradients: Gradients, of parameters: [Parameter]) -> Double {
    Tensor.sumOfSquares(of: parameters.compactMap { gradients.gradient(by: $0)?.kept }).squareRoot()
}

/// The gradients of `parameters` with every number brought into `[-maximum, maximum]`; NaN stays NaN.
///
/// Source: PyTorch's `clip_grad_value_`.
public func clippedByValue(_ gradients: Gradients, of parameters: [Parameter], maximum: Double) -> Gradients {
    gradients.mapped(over: parameters) { $0.limited(to: maximum) }
}
