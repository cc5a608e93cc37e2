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
    let (rank, last) = (x.shape.count, x.shape.count - 1)
    let axis = axis < 0 ? axis + rank : axis
    guard x.shape.indices.contains(axis) else { shapeMistake(name, x.shape, "a shape with an axis \(axis)") }
    // Two axes exchanged: the same order is the way back.
    var order = Array(x.shape.indices)
    order.swapAt(axis, last)
    let turned = axis == last ? x : x.permuted(order)
    let columns = x.shape[axis]
    let rows = x.shape.product / max(1, columns)
    let output = operation(turned.reshaped([rows, columns])).reshaped(turned.shape)  // [.., columns]
    return axis == last ? output : output.permuted(order)
}
