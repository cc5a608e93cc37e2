import AviaryTensors

/// The sum, element by element; the shapes are broadcast.
public func + (left: Variable, right: Variable) -> Variable {
    left.arithmetic("add", with: right) { left, right in
        let (a, b) = (left.shape, right.shape)
        let sum = left.tensor.adding(right.tensor)
        return left.pass.record(sum, from: [left, right]) { [$0.summed(to: a), $0.summed(to: b)] }
    }
}

/// The sum with a number.
public func + (left: Variable, right: Double) -> Variable {
    left.arithmetic("add") { left in left + left.constant(right) }
}
