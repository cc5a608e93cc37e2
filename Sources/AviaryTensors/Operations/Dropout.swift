import AviaryKernels

/// How likely an element is dropped, and the stream that says which: element `i` in row-major order takes its draw `i`.
package struct DropoutRule: Sendable {
    package var probability: Double
    package var stream: RandomStream

    package init(probability: Double, stream: RandomStream) {
        self.probability = probability
        self.stream = stream
    }

    /// The same for kernels that drop so many elements.
    func elementDropout(count: Int) -> ElementDropout {
        requireDraws(stream.position + count)
        return ElementDropout(
            key: stream.origin.key, counter: stream.origin.counter, firstDraw: stream.position,
            probability: probability)
    }

    /// The same for attention, of which each row of probabilities takes blocks of two draws, one for each four keys.
    func attentionDropout(rows: Int, keys: Int) -> AttentionDropout {
        requireDraws(2 * rows * ((keys + 3) / 4))
        return AttentionDropout(
            key: stream.origin.key, counter: stream.origin.counter, probability: probability)
    }

    /// Stops the program unless the stream has so many draws.
    private func requireDraws(_ count: Int) { _ = stream.skipped(to: max(0, count - 1)) }
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
            var stream = rule.stream
            return multiplying(stream.dropoutMask(shape, probability: rule.probability, dtype: .f64))
        case .f16: return widened.droppingOut(by: rule).cast(to: dtype)
        default: dtypeMistake("dropout", dtype, supported: DType.reals)
        }
    }
}
