public import AviaryTensors

extension Variable {
    /// The parts along an axis that `indices` name, in their order and as often: rows of a table, for one.
    ///
    /// - Parameters:
    ///   - axis: A negative one counts from the back.
    ///   - indices: int64 `[count]`.
    /// - Returns: This shape with `count` along the axis.
    public func indexSelect(axis: Int, indices: Tensor) -> Variable {
        let before = shape
        let axis = tensor.axis(axis, "index select")
        return pass.record(tensor.indexSelected(axis: axis, indices: indices), from: [self]) {
            [$0.indexSelectGradient(shape: before, axis: axis, indices: indices)]
        }
    }
}
