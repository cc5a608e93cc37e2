public import AviaryTensors

extension Variable {
    /// The elements along the last axis in order, equal ones as they stood, NaN above all.
    ///
    /// - Returns: Both in this shape; `indices` (int64) says where each value came from.
    public func sorted(isDescending: Bool = false) -> (values: Variable, indices: Tensor) {
        ordered(tensor.sortedAlongLastAxis(isDescending: isDescending))
    }

    /// The `count` greatest elements along the last axis, the greatest first, of equals the first.
    ///
    /// - Returns: Both with `count` along the last axis; `indices` (int64) says where each value came from.
    public func topK(_ count: Int) -> (values: Variable, indices: Tensor) {
        ordered(tensor.sortedAlongLastAxis(isDescending: true, count: count, named: "top-k"))
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
