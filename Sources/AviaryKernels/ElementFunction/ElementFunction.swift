/// A function of one element that has a kernel of its own.
package enum ElementFunction: Hashable, Sendable {
    case absolute
    case clamp(low: Double, high: Double)
    case exponential
    /// `x Φ(x)`.
    case gelu
    case hardswish
    /// What is not positive times the slope.
    case leakyReLU(slope: Double)
    case logarithm
    case reciprocalSquareRoot
    case relu
    case relu6
    case sigmoid
    case silu
    case softplus
    case squareRoot
    case tanh
    /// `gelu` by the hyperbolic tangent.
    case tanhGELU

    /// Whether the way back is computed from the function's output, and not from its argument.
    package var keepsOutput: Bool {
        switch self {
        case .exponential, .relu, .sigmoid, .tanh: true
        default: false
        }
    }

    /// Whether zeros stay zeros, forward and backward: those that fill a last block of channels may lie among the
    /// elements.
    package var keepsZeros: Bool {
        switch self {
        case .absolute, .gelu, .hardswish, .leakyReLU, .relu, .relu6, .silu, .tanh, .tanhGELU: true
        // The slope of the square root is infinite there.
        case .clamp, .exponential, .logarithm, .reciprocalSquareRoot, .sigmoid, .softplus, .squareRoot: false
        }
    }
}
