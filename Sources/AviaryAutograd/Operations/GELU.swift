import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the Gaussian error linear unit is computed.
public enum GELUForm: String, Sendable, CaseIterable {
    /// By the error function; PyTorch's `approximate="none"`.
    case erf
    /// By the hyperbolic tangent, as GPT-2; PyTorch's `approximate="tanh"`.
    case tanh
}

/// The Gaussian error linear unit: `x · Φ(x)`, where `Φ` is the distribution of a standard normal number.
///
/// Source: Hendrycks and Gimpel 2016, section 2; the tanh form is its approximation.
public func gelu(_ x: Variable, form: GELUForm = .erf) -> Variable {
    switch form {
    case .erf:
        x.mapped("gelu", { $0 * distribution($0) }, slope: { distribution($0) + $0 * density($0) })
    case .tanh:
        x.mapped("gelu", { $0 * (1 + tanh(inner($0))) / 2 }, slope: tanhFormSlope)
    }
}

/// `Φ(x)`; by `erfc`, because `1 + erf` loses its digits far below zero.
private func distribution(_ x: Double) -> Double { erfc(-x * (0.5).squareRoot()) / 2 }

/// `Φ'(x)`.
private func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

private let cubicShare = 0.044715
private let innerScale = (2 / Double.pi).squareRoot()

private func inner(_ x: Double) -> Double { innerScale * (x + cubicShare * x * x * x) }

private func tanhFormSlope(_ x: Double) -> Double {
    let y = tanh(inner(x))
    return (1 + y) / 2 + x * (1 - y * y) / 2 * innerScale * (1 + 3 * cubicShare * x * x)
}
