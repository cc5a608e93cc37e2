public import AviaryTensors

extension Variable {
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
}
