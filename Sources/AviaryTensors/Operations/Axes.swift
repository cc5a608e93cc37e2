extension Tensor {
    /// `axis` counted from the front, a negative one from the back; one that is not there stops the program.
    package func axis(_ axis: Int, _ operation: String) -> Int {
        guard (-shape.count..<shape.count).contains(axis) else {
            shapeMistake(operation, shape, "a tensor with an axis \(axis)")
        }
        return axis < 0 ? axis + shape.count : axis
    }

    /// Several axes, counted from the front, in order; one named twice stops the program.
    package func axes(_ axes: [Int], _ operation: String) -> [Int] {
        let resolved = axes.map { axis($0, operation) }.sorted()
        guard Set(resolved).count == resolved.count else {
            shapeMistake(operation, shape, "each axis once, not \(axes)")
        }
        return resolved
    }

    /// How many elements lie before, along and behind an axis.
    package func extents(around axis: Int) -> (outer: Int, extent: Int, inner: Int) {
        (Array(shape[..<axis]).product, shape[axis], Array(shape[(axis + 1)...]).product)
    }
}
