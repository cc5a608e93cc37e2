extension Tensor {
    /// The axes in another order, a view: axis `i` of the result is axis `axes[i]` of this tensor, a negative one
    /// counted from the back.
    package func permuted(_ axes: [Int]) -> Tensor {
        let axes = permutation(axes)
        let (source, placement) = located
        return source.view(
            axes.map { shape[$0] },
            at: Placement(start: placement.start, steps: axes.map { placement.steps[$0] }))
    }

    /// Every axis once, counted from the front; stops the program where one is missing.
    package func permutation(_ axes: [Int]) -> [Int] {
        let resolved = axes.map { axis($0, "permute") }
        guard resolved.sorted() == Array(shape.indices) else {
            shapeMistake("permute", shape, "each of its axes once, not \(axes)")
        }
        return resolved
    }
}
