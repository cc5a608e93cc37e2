public import AviaryTensors

extension Variable {
    /// The elements along an axis in order, equal ones as they stood, NaN above all.
    ///
    /// A negative axis counts from the back.
    ///
    /// - Returns: Both in this shape; `indices` (int64) says where each value came from.
    public func sorted(isDescending: Bool = false, axis: Int = -1) -> (values: Variable, indices: Tensor) {
        alongLast(axis, "sort") { $0.ordered($0.tensor.sortedAlongLastAxis(isDescending: isDescending)) }
    }

    /// Brings an axis to the end for `body`, and what that finds back.
    func alongLast(
        _ axis: Int, _ name: String, _ body: (Variable) -> (values: Variable, indices: Tensor)
    ) -> (values: Variable, indices: Tensor) {
        var order = Array(shape.indices)
        let axis = tensor.axis(axis, name)
        guard axis != shape.count - 1 else { return body(self) }
        order.swapAt(axis, shape.count - 1)
        let found = body(permuted(order))
        return (found.values.permuted(order), found.indices.permuted(order))
    }

    /// These values with the way back to where they came from.
    func ordered(_ found: (values: Tensor, indices: Tensor)) -> (values: Variable, indices: Tensor) {
        let (before, indices) = (shape, found.indices)
        let values = pass.record(found.values, from: [self]) { upstream in
            [
                Tensor.zeros(before, dtype: upstream.dtype)
                    .scatterAdded(axis: -1, indices: indices, source: upstream)
            ]
        }
        return (values, indices)
    }
}
