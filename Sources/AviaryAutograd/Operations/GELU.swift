import AviaryTensors

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
    case .erf: x.applying(.gelu)
    case .tanh: x.applying(.tanhGELU)
    }
}
