import AviaryTensors

/// The softmax along an axis of a variable of any rank; a negative axis counts from the last.
public func softmax(_ x: Variable, axis: Int) -> Variable { alongRows(x, axis, "softmax") { softmax($0) } }

/// The logarithm of the softmax along an axis of a variable of any rank; a negative axis counts from the last.
public func logSoftmax(_ x: Variable, axis: Int) -> Variable {
    alongRows(x, axis, "log-softmax") { logSoftmax($0) }
}

/// Brings the axis to the end, all others into rows, and everything back afterwards.
func alongRows(
    _ x: Variable, _ axis: Int, _ name: String, _ operation: (Variable) -> Variable
) -> Variable {
    let (axis, last) = (x.tensor.axis(axis, name), x.shape.count - 1)
    // Two axes exchanged: the same order is the way back.
    var order = Array(x.shape.indices)
    order.swapAt(axis, last)
    let turned = axis == last ? x : x.permuted(order)
    let columns = x.shape[axis]
    let rows = x.shape.product / max(1, columns)
    let output = operation(turned.reshaped([rows, columns])).reshaped(turned.shape)  // [.., columns]
    return axis == last ? output : output.permuted(order)
}
