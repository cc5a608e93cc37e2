import AviaryTensors

extension Variable {
    /// Consecutive parts along an axis, as many elements in each as `counts` say.
    public func split(_ counts: [Int], axis: Int) -> [Variable] {
        let axis = tensor.axis(axis, "split")
        guard counts.reduce(0, +) == shape[axis], counts.allSatisfy({ $0 >= 0 }) else {
            shapeMistake("split into \(counts)", shape, "counts that add up to axis \(axis)")
        }
        var start = 0
        return counts.map { count in
            defer { start += count }
            return sliced(start..<start + count, along: axis)
        }
    }

    /// So many parts of one extent along an axis, which stops the program where it leaves a rest.
    public func split(into count: Int, axis: Int) -> [Variable] {
        let axis = tensor.axis(axis, "split")
        guard count > 0, shape[axis].isMultiple(of: count) else {
            shapeMistake("split into \(count)", shape, "an axis \(axis) that has that many equal parts")
        }
        return split([Int](repeating: shape[axis] / count, count: count), axis: axis)
    }
}
