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

    /// The `count` greatest elements along an axis, the greatest first, or the least, the least first.
    ///
    /// Of equals the first, as they stood; NaN is the greatest. A negative axis counts from the back.
    ///
    /// - Returns: Both with `count` along the axis; `indices` (int64) says where each value came from.
    public func topK(
        _ count: Int, axis: Int = -1, largest: Bool = true
    ) -> (values: Variable, indices: Tensor) {
        let axis = tensor.axis(axis, "top-k")
        guard count >= 0 else { fatalError("top-k: takes a count of 0 or more, given was \(count)") }
        guard count <= shape[axis] else {
            shapeMistake("top-k", shape, "a tensor of \(count) elements or more along axis \(axis)")
        }
        return alongLast(axis, "top-k") {
            $0.ordered($0.tensor.sortedAlongLastAxis(isDescending: largest, count: count))
        }
    }

    /// Brings an axis to the end for `body`, and what that finds back.
    private func alongLast(
        _ axis: Int, _ name: String, _ body: (Variable) -> (values: Variable, indices: Tensor)
    ) -> (values: Variable, indices: Tensor) {
        var order = Array(shape.indices)
        let axis = tensor.axis(axis, name)
        guard axis != shape.count - 1 else { return body(self) }
        order.swapAt(axis, shape.count - 1)
        let found = body(permuted(order))
        return (found.values.permuted(order), found.indices.permuted(order))
    }

    private func ordered(_ found: (values: Tensor, indices: Tensor)) -> (values: Variable, indices: Tensor) {
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
