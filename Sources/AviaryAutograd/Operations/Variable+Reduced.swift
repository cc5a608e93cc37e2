import AviaryTensors

extension Variable {
    /// Brings what is taken together into the rows of a matrix and reduces them, `[rows, n]` to `[rows]`.
    func reduced(
        over axes: [Int], keepsAxes: Bool, named operation: String, by reduction: (Variable) -> Variable
    ) -> Variable {
        let reduced = ReducedAxes(axes, of: tensor, keepsAxes: keepsAxes, operation)
        let moved = reduced.isInOrder ? self : permuted(reduced.order)
        return reduction(moved.reshaped(reduced.matrix)).reshaped(reduced.result)
    }
}
