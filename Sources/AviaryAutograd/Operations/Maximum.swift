import AviaryTensors

/// The greater of two elements; the shapes are broadcast.
///
/// Equal ones get half the gradient each, NaN is the result.
public func maximum(_ left: Variable, _ right: Variable) -> Variable {
    extremum("maximum", left, right) { $0 > $1 }
}

/// The lesser of two elements; the shapes are broadcast.
///
/// Equal ones get half the gradient each, NaN is the result.
public func minimum(_ left: Variable, _ right: Variable) -> Variable {
    extremum("minimum", left, right) { $0 < $1 }
}

private func extremum(
    _ name: String, _ left: Variable, _ right: Variable, _ wins: @escaping (Double, Double) -> Bool
) -> Variable {
    left.arithmetic(name, with: right) { left, right in
        let (a, b) = (left.tensor, right.tensor)
        guard let shape = broadcastShape(a.shape, b.shape) else { shapeMistake(name, a.shape, b.shape) }
        let (wide, other) = (a.broadcast(to: shape), b.broadcast(to: shape))
        let output = wide.zipped(name, with: other) { wins($0, $1) || $0.isNaN ? $0 : $1 }
        // Beside NaN nobody wins and nobody loses: both get all of it, as in PyTorch.
        func share(_ mine: Double, _ theirs: Double) -> Double {
            mine == theirs ? 0.5 : wins(theirs, mine) ? 0 : 1
        }
        let (leftNeeds, rightNeeds) = (left.needsGradient, right.needsGradient)
        return left.pass.record(output, from: [left, right]) { upstream in
            [
                leftNeeds
                    ? upstream.multiplying(wide.zipped(name, with: other, share)).summed(to: a.shape) : nil,
                rightNeeds
                    ? upstream.multiplying(other.zipped(name, with: wide, share)).summed(to: b.shape) : nil,
            ]
        }
    }
}
