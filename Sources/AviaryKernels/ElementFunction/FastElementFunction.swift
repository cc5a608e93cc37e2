import CAviaryKernels

/// Functions of one element, vectorised.
package enum FastElementFunction {
    /// The function of each element.
    package static func values(
        _ function: ElementFunction, _ kind: RealKind, _ source: UnsafeRawPointer,
        into output: UnsafeMutableRawPointer, count: Int
    ) {
        Parallel.run(count, grain: grain) {
            let first = $0.lowerBound * kind.byteCount
            aviary_element_values(
                function.arguments, kind.inLoops, source + first, output + first, Int64($0.count))
        }
    }

    /// The gradient by the argument; `kept` is the output where the function keeps that, else the argument.
    package static func gradients(
        _ function: ElementFunction, _ kind: RealKind, kept: UnsafeRawPointer, upstream: UnsafeRawPointer,
        into gradient: UnsafeMutableRawPointer, count: Int
    ) {
        Parallel.run(count, grain: grain) {
            let first = $0.lowerBound * kind.byteCount
            aviary_element_gradients(
                function.arguments, kind.inLoops, kept + first, upstream + first, gradient + first,
                Int64($0.count))
        }
    }

    /// An exponential costs a few times as much as adding two numbers.
    private static let grain = Parallel.elementGrain / 4
}

extension ElementFunction {
    var arguments: aviary_element_function {
        switch self {
        case .clamp(let low, let high):
            aviary_element_function(kind: AVIARY_CLAMP, low: Float(low), high: Float(high))
        case .leakyReLU(let slope):
            aviary_element_function(kind: AVIARY_LEAKY_RELU, low: Float(slope), high: 0)
        default: aviary_element_function(kind: kind, low: 0, high: 0)
        }
    }

    private var kind: aviary_function {
        switch self {
        case .absolute: AVIARY_ABSOLUTE
        case .clamp: AVIARY_CLAMP
        case .exponential: AVIARY_EXPONENTIAL
        case .gelu: AVIARY_GELU
        case .hardswish: AVIARY_HARDSWISH
        case .leakyReLU: AVIARY_LEAKY_RELU
        case .logarithm: AVIARY_LOGARITHM
        case .reciprocalSquareRoot: AVIARY_RECIPROCAL_SQUARE_ROOT
        case .relu: AVIARY_RELU
        case .relu6: AVIARY_RELU6
        case .sigmoid: AVIARY_SIGMOID
        case .silu: AVIARY_SILU
        case .softplus: AVIARY_SOFTPLUS
        case .squareRoot: AVIARY_SQUARE_ROOT
        case .tanh: AVIARY_TANH
        case .tanhGELU: AVIARY_TANH_GELU
        }
    }
}
