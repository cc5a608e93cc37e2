import AviaryTensors

/// The difference, element by element; the shapes are broadcast.
public func - (left: Variable, right: Variable) -> Variable {
    left.arithmetic("subtract", with: right) { left, right in
        let (a, b) = (left.shape, right.shape)
        let difference = left.tensor.subtracting(right.tensor)
        return left.pass.record(difference, from: [left, right]) {
            [$0.summed(to: a), $0.scaled(by: -1).summed(to: b)]
        }
    }
}

/// The difference with a number.
public func - (left: Variable, right: Double) -> Variable {
    left.arithmetic("subtract") { left in left - left.constant(right) }
}

/// The negative.
public prefix func - (operand: Variable) -> Variable { operand * -1 }
