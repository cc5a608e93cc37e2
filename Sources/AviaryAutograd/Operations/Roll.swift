import AviaryTensors

extension Variable {
    /// The elements moved on along an axis; those that leave at the end come in at the start.
    ///
    /// A negative `count` moves them back, a negative axis counts from the back: PyTorch's `roll`.
    public func rolled(by count: Int, axis: Int) -> Variable {
        let axis = tensor.axis(axis, "roll")
        let extent = shape[axis]
        guard extent > 0 else { return self }
        let start = ((-count) % extent + extent) % extent
        guard start > 0 else { return self }
        return concatenate(
            [sliced(start..<extent, along: axis), sliced(0..<start, along: axis)], axis: axis)
    }
}
