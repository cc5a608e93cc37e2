import AviaryTensors

extension Variable {
    /// The whole so many times behind itself along each axis: PyTorch's `tile`.
    ///
    /// - Returns: Each extent times its count; with more counts than axes, new axes in front.
    public func tiled(_ counts: [Int]) -> Variable {
        guard counts.count >= shape.count, counts.allSatisfy({ $0 >= 0 }) else {
            shapeMistake("tile by \(counts)", shape, "one count, 0 or more, for each axis")
        }
        let before = [Int](repeating: 1, count: counts.count - shape.count) + shape
        let columns = before.flatMap { [1, $0] }
        let repeated = zip(counts, before).flatMap { [$0, $1] }
        return reshaped(columns).broadcast(to: repeated).reshaped(zip(counts, before).map { $0 * $1 })
    }

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
