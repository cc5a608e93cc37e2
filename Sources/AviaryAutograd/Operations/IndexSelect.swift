public import AviaryTensors

extension Variable {
    /// The parts along an axis that `indices` name, in their order and as often: rows of a table, for one.
    ///
    /// - Parameters:
    ///   - axis: A negative one counts from the back.
    ///   - indices: int64 or int32 `[count]`.
    /// - Returns: This shape with `count` along the axis.
    public func indexSelect(axis: Int, indices: Tensor) -> Variable {
        let before = shape
        let axis = tensor.axis(axis, "index select")
        return pass.record(tensor.indexSelected(axis: axis, indices: indices), from: [self]) { upstream in
            // Parts that were named twice are added up: in f32, and rounded once.
            let sums = upstream.widened.indexSelectGradient(shape: before, axis: axis, indices: indices)
            return [sums.cast(to: upstream.dtype)]
        }
    }
}
