extension Tensor {
    /// The axes in another order, a view: axis `i` of the result is axis `axes[i]` of this tensor.
    package func permuted(_ axes: [Int]) -> Tensor {
        guard axes.sorted() == Array(shape.indices) else { shapeMistake("permute", shape, axes) }
        let (source, placement) = located
        return source.view(
            axes.map { shape[$0] },
            at: Placement(start: placement.start, steps: axes.map { placement.steps[$0] }))
    }
}
