import AviaryTensors

/// The quotient, element by element; the shapes are broadcast.
public func / (left: Variable, right: Variable) -> Variable {
    left.arithmetic("divide", with: right) { left, right in
        let quotient = left.tensor.dividing(right.tensor)
        let (a, b, divisor) = (left.shape, right.shape, right.tensor)
        let (leftNeeds, rightNeeds) = (left.needsGradient, right.needsGradient)
        return left.pass.record(quotient, from: [left, right]) { upstream in
            let share = upstream.dividing(divisor)
            return [
                leftNeeds ? share.summed(to: a) : nil,
                rightNeeds
                    ? share.multiplying(quotient).scaled(by: -1).summed(to: b) : nil,
            ]
        }
    }
}

/// The quotient by a number.
public func / (left: Variable, right: Double) -> Variable {
    left.dtype.require(DType.reals, "divide")
    return left * (1 / right)
}
