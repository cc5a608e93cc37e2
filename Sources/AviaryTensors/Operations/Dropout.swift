import AviaryKernels

/// How likely an element is dropped, and the stream that says which.
///
/// Element `i` in row-major order takes half a draw, 32 bits, of those from where the stream stands: the lower half of
/// draw `i / 2` if it is even, the upper one if it is odd.
package struct DropoutRule: Sendable {
    package var probability: Double
    package var stream: RandomStream

    package init(probability: Double, stream: RandomStream) {
        self.probability = probability
        self.stream = stream
    }

    /// The same for kernels that drop so many elements; stops the program where the stream has too few draws.
    func elementDropout(count: Int) -> ElementDropout {
        _ = stream.skipped(to: stream.position + max(0, count - 1) / 2)
        return ElementDropout(
            key: stream.origin.key, counter: stream.origin.counter, firstWord: 2 * stream.position,
            probability: probability)
    }

    /// The same for attention's probabilities, of which each row takes a block of four words for each four keys.
    func attentionDropout(rows: Int, keys: Int) -> ElementDropout {
        let rest = stream.position.isMultiple(of: 2) ? 0 : 2  // of a block that was begun
        return elementDropout(count: rest + rows * ((keys + 3) / 4 * 4))
    }
}

extension Tensor {
    /// Elements dropped by the rule, others scaled so that the mean stays; a gradient goes back by the same function.
    package func droppingOut(by rule: DropoutRule) -> Tensor {
        if let kind = dtype.native {
            let source = plain
            return Tensor(like: source) { output in
                source.readBytes {
                    FastDropout.apply(
                        rule.elementDropout(count: count), kind, $0, into: output, count: count)
                }
            }
        }
        switch dtype {
        case .f64:
            let (source, dropout) = (plain, rule.elementDropout(count: count))
            return Tensor(shape: shape, of: Double.self) { output in
                source.read(Double.self) { PlainDropout.apply(dropout, $0, into: output, count: count) }
            }
        case .f16: return widened.droppingOut(by: rule).cast(to: dtype)
        default: dtypeMistake("dropout", dtype, supported: DType.reals)
        }
    }
}
