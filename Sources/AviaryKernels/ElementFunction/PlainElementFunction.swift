#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Functions of one element as they are written, in double precision: the reference for the fast ones.
package enum PlainElementFunction {
    /// The function at `x`.
    package static func value(_ function: ElementFunction, at x: Double) -> Double {
        switch function {
        case .absolute: abs(x)
        // Comparisons that are false for NaN, which stays.
        case .clamp(let low, let high): x < low ? low : x > high ? high : x
        case .exponential: exp(x)
        case .gelu: x * distribution(x)
        case .hardswish: x <= -3 ? 0 : x < 3 ? x * (x + 3) / 6 : x
        case .leakyReLU(let slope): x > 0 ? x : slope * x
        case .logarithm: log(x)
        case .reciprocalSquareRoot: 1 / x.squareRoot()
        case .relu: x < 0 ? 0 : x
        case .relu6: x < 0 ? 0 : x > 6 ? 6 : x
        case .sigmoid: logistic(x)
        case .silu: x * logistic(x)
        // The power is at most 1, so that nothing overflows.
        case .softplus: (x < 0 ? 0 : x) + log1p(exp(-abs(x)))
        case .squareRoot: x.squareRoot()
        case .tanh: hyperbolicTangent(x)
        case .tanhGELU: x * logistic(inner(x))
        }
    }

    /// The gradient by the argument, where `kept` is what the function keeps.
    package static func gradient(_ function: ElementFunction, kept x: Double, upstream: Double) -> Double {
        switch function {
        case .absolute: upstream * (x > 0 ? 1 : x < 0 ? -1 : 0)
        case .clamp(let low, let high): upstream * (x >= low && x <= high ? 1 : 0)
        case .exponential: upstream * x
        case .gelu: upstream * (distribution(x) + x * density(x))
        case .hardswish: upstream * (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1)
        case .leakyReLU(let slope): upstream * (x > 0 ? 1 : slope)
        case .logarithm: upstream / x
        case .reciprocalSquareRoot: upstream * -0.5 / (x * x.squareRoot())
        case .relu: x <= 0 ? 0 : upstream
        case .relu6: x <= 0 || x >= 6 ? 0 : upstream
        case .sigmoid: upstream * x * (1 - x)
        case .silu: upstream * logistic(x) * (1 + x * logistic(-x))
        case .softplus: upstream * logistic(x)
        case .squareRoot: upstream * 0.5 / x.squareRoot()
        case .tanh: upstream * (1 - x * x)
        case .tanhGELU: upstream * logistic(inner(x)) * (1 + x * logistic(-inner(x)) * innerSlope(x))
        }
    }

    /// The function of each element.
    package static func values(
        _ function: ElementFunction, _ source: UnsafePointer<Double>,
        into output: UnsafeMutablePointer<Double>,
        count: Int
    ) {
        Parallel.run(count, grain: grain) { for i in $0 { output[i] = value(function, at: source[i]) } }
    }

    /// The gradient by each element.
    package static func gradients(
        _ function: ElementFunction, kept: UnsafePointer<Double>, upstream: UnsafePointer<Double>,
        into output: UnsafeMutablePointer<Double>, count: Int
    ) {
        Parallel.run(count, grain: grain) {
            for i in $0 { output[i] = gradient(function, kept: kept[i], upstream: upstream[i]) }
        }
    }

    /// Such a function costs some ten times as much as adding two numbers.
    private static let grain = Parallel.elementGrain / 8

    private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// `Φ(x)`; by `erfc`, because `1 + erf` loses its digits far below zero.
    private static func distribution(_ x: Double) -> Double { erfc(-x * (0.5).squareRoot()) / 2 }

    /// `Φ'(x)`.
    private static func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

    /// Twice what the tanh form takes the tangent of: `(1 + tanh(u)) / 2` is the logistic function of `2u`, which
    /// keeps its digits far below zero.
    private static func inner(_ x: Double) -> Double {
        2 * (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
    }

    private static func innerSlope(_ x: Double) -> Double {
        2 * (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * x * x)
    }
}

/// Outside the enum: the enum of functions has a case of that name.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
