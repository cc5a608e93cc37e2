import AviaryTensors

/// The difference, element by element; the shapes are broadcast.
public func - (left: Variable, right: Variable) -> Variable {
    left.arithmetic("subtract", with: right, native: [.bf16]) { left, right in
        let (a, b) = (left.shape, right.shape)
        let (leftNeeds, rightNeeds) = (left.needsGradient, right.needsGradient)
        let difference = left.tensor.subtracting(right.tensor)
        return left.pass.record(difference, from: [left, right]) {
            [leftNeeds ? $0.summed(to: a) : nil, rightNeeds ? $0.summed(to: b).scaled(by: -1) : nil]
        }
    }
}

/// The difference with a number.
public func - (left: Variable, right: Double) -> Variable {
    left.arithmetic("subtract") { left in left - left.constant(right) }
}

/// The negative.
public prefix func - (operand: Variable) -> Variable { operand * -1 }
