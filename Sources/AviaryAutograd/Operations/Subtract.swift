import AviaryTensors

/// The difference, element by element; the shapes are broadcast.
///
/// Whole numbers are of one kind, wrap around, and have no gradient.
public func - (left: Variable, right: Variable) -> Variable {
    left.arithmetic("subtract", with: right, takes: DType.numbers, native: [.bf16]) { left, right in
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
    left.arithmetic("subtract", takes: DType.numbers) { left in left - left.constant(right) }
}

/// The negative; of whole numbers it wraps around.
public prefix func - (operand: Variable) -> Variable {
    operand.dtype.isReal ? operand * -1 : operand.constant(0) - operand
}
