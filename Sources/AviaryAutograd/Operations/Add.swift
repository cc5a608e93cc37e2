import AviaryTensors

/// The sum, element by element; the shapes are broadcast.
///
/// Whole numbers are of one kind, wrap around, and have no gradient.
public func + (left: Variable, right: Variable) -> Variable {
    left.arithmetic("add", with: right, takes: DType.numbers, native: [.bf16]) { left, right in
        let (a, b) = (left.shape, right.shape)
        let (leftNeeds, rightNeeds) = (left.needsGradient, right.needsGradient)
        let sum = left.tensor.adding(right.tensor)
        return left.pass.record(sum, from: [left, right]) {
            [leftNeeds ? $0.summed(to: a) : nil, rightNeeds ? $0.summed(to: b) : nil]
        }
    }
}

/// The sum with a number.
public func + (left: Variable, right: Double) -> Variable {
    left.arithmetic("add", takes: DType.numbers) { left in left + left.constant(right) }
}
