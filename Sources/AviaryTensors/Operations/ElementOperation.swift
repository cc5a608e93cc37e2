import AviaryKernels

/// A function of one element that has a kernel of its own, under the name that messages and policies know.
package struct ElementOperation: Sendable {
    package let name: String
    let function: ElementFunction

    /// Whether the way back wants the output, and not the argument.
    package var keepsOutput: Bool { function.keepsOutput }
}

extension ElementOperation {
    package static let absolute = ElementOperation(name: "absolute", function: .absolute)
    package static let exponential = ElementOperation(name: "exponential", function: .exponential)
    package static let gelu = ElementOperation(name: "gelu", function: .gelu)
    package static let hardswish = ElementOperation(name: "hardswish", function: .hardswish)
    package static let logarithm = ElementOperation(name: "logarithm", function: .logarithm)
    package static let reciprocalSquareRoot = ElementOperation(
        name: "reciprocal square root", function: .reciprocalSquareRoot)
    package static let relu = ElementOperation(name: "relu", function: .relu)
    package static let relu6 = ElementOperation(name: "relu6", function: .relu6)
    package static let sigmoid = ElementOperation(name: "sigmoid", function: .sigmoid)
    package static let silu = ElementOperation(name: "silu", function: .silu)
    package static let softplus = ElementOperation(name: "softplus", function: .softplus)
    package static let squareRoot = ElementOperation(name: "square root", function: .squareRoot)
    package static let tanh = ElementOperation(name: "tanh", function: .tanh)
    package static let tanhGELU = ElementOperation(name: "gelu", function: .tanhGELU)

    package static func clamp(from low: Double, through high: Double) -> ElementOperation {
        ElementOperation(name: "clamp", function: .clamp(low: low, high: high))
    }

    package static func leakyReLU(negativeSlope: Double) -> ElementOperation {
        ElementOperation(name: "leaky relu", function: .leakyReLU(slope: negativeSlope))
    }
}

extension Tensor {
    /// The function of each element; `f16` is computed in `f32`.
    package func applying(_ operation: ElementOperation) -> Tensor {
        let (function, source) = (operation.function, laidOut(for: operation))
        if let kind = dtype.native {
            return Tensor(like: source) { output in
                source.readBytes {
                    FastElementFunction.values(
                        function, kind, $0, into: output, count: source.elementCountInMemory)
                }
            }
        }
        switch dtype {
        case .f64:
            return Tensor(shape: shape, of: Double.self) { output in
                source.read(Double.self) {
                    PlainElementFunction.values(function, $0, into: output, count: count)
                }
            }
        case .f16: return widened.applying(operation).cast(to: dtype)
        default: dtypeMistake(operation.name, dtype, supported: DType.reals)
        }
    }

    /// The gradient by the argument, where this tensor is what the operation keeps: its output or its argument.
    package func gradient(through operation: ElementOperation, upstream: Tensor) -> Tensor {
        let (function, kept) = (operation.function, laidOut(for: operation))
        let upstream = upstream.reordered(to: kept.layout)
        if let kind = dtype.native {
            return Tensor(like: kept) { output in
                kept.readBytes { kept in
                    upstream.readBytes {
                        FastElementFunction.gradients(
                            function, kind, kept: kept, upstream: $0, into: output,
                            count: upstream.elementCountInMemory)
                    }
                }
            }
        }
        switch dtype {
        case .f64:
            return Tensor(shape: shape, of: Double.self) { output in
                kept.read(Double.self) { kept in
                    upstream.read(Double.self) {
                        PlainElementFunction.gradients(
                            function, kept: kept, upstream: $0, into: output, count: count)
                    }
                }
            }
        case .f16:
            return widened.gradient(through: operation, upstream: upstream.widened).cast(to: dtype)
        default: dtypeMistake(operation.name, dtype, supported: DType.reals)
        }
    }

    /// Row-major or with channels in blocks; the latter only where what fills the last block stays 0.
    private func laidOut(for operation: ElementOperation) -> Tensor {
        if case .channelBlocks = layout, operation.function.keepsZeros { return self }
        return plain
    }
}
