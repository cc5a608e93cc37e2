import AviaryTensors

/// How the losses of many elements become the result.
public enum Reduction: String, Sendable, CaseIterable {
    /// Their mean.
    case mean
    /// Their sum.
    case sum
    /// Their sum over the extent of the first axis.
    case batchMean
    /// Each for itself: no reduction.
    case none
}

extension Tensor {
    /// Answers of yes or no, or their probabilities, as a binary loss takes them beside logits of a kind: whole
    /// numbers as reals.
    func answers(_ name: String, beside logits: DType) -> Tensor {
        if dtype == .int64 || dtype == .int32 { return cast(to: logits == .f64 ? .f64 : .f32) }
        guard dtype.isReal else {
            dtypeMistake("\(name)'s target", dtype, supported: DType.reals + [.int64, .int32])
        }
        return self
    }
}

extension Variable {
    /// The losses of this variable's elements, reduced.
    func reduced(by reduction: Reduction) -> Variable {
        switch reduction {
        case .mean: mean
        case .sum: sum
        case .batchMean: sum * (1 / Double(shape.first ?? 1))
        case .none: self
        }
    }

    /// A loss of each element and its target, computed in double precision; `target` is a constant.
    ///
    /// - Parameters:
    ///   - name: What an error calls the loss.
    ///   - target: The shape and kind of this variable.
    ///   - function: The loss at an element and its target.
    ///   - slope: Its derivative by the element.
    /// - Returns: The shape of this variable.
    func loss(
        _ name: String, target: Tensor, _ function: @escaping (Double, Double) -> Double,
        slope: @escaping (Double, Double) -> Double
    ) -> Variable {
        let target = target.widened
        return arithmetic(name) { x in
            let source = x.tensor
            return x.pass.record(source.zipped(name, with: target, function), from: [x]) {
                [$0.multiplying(source.zipped(name, with: target, slope))]
            }
        }
    }
}
