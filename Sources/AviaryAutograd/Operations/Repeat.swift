import AviaryTensors

extension Variable {
    /// Each element so many times behind itself along an axis: PyTorch's `repeat_interleave`.
    ///
    /// - Returns: The extent along the axis, which may be counted from the back, times `count`.
    public func repeated(_ count: Int, axis: Int) -> Variable {
        let axis = tensor.axis(axis, "repeat")
        guard count >= 0 else { shapeMistake("repeat \(count) times", shape, "a count of 0 or more") }
        var (target, after) = (shape, shape)
        target.insert(count, at: axis + 1)
        after[axis] *= count
        return unsqueezed(axis + 1).broadcast(to: target).reshaped(after)
    }
}
