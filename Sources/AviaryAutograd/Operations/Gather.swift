public import AviaryTensors

extension Variable {
    /// For each index the element that stands there along the axis, its other coordinates kept.
    ///
    /// - Parameters:
    ///   - axis: A negative one counts from the back.
    ///   - indices: int64 or int32, of this rank; along the other axes no longer than this variable.
    /// - Returns: The shape of `indices`.
    public func gather(axis: Int, indices: Tensor) -> Variable {
        let before = shape
        return pass.record(tensor.gathered(axis: axis, indices: indices), from: [self]) { upstream in
            [
                Tensor.zeros(before, dtype: upstream.dtype)
                    .scatterAdded(axis: axis, indices: indices, source: upstream)
            ]
        }
    }
}
