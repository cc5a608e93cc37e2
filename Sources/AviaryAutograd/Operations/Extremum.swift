import AviaryTensors

extension Variable {
    /// The greatest along some axes, which go away or stay with an extent of 1.
    ///
    /// The first of equals gets the gradient, as with PyTorch's `max` over one axis.
    public func max(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        reduced(over: axes, keepsAxes: keepsAxes, named: "max") { $0.extremumOfRows(isMaximum: true, "max") }
    }

    /// The least along some axes, which go away or stay with an extent of 1.
    ///
    /// The first of equals gets the gradient.
    public func min(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        reduced(over: axes, keepsAxes: keepsAxes, named: "min") { $0.extremumOfRows(isMaximum: false, "min") }
    }

    private func extremumOfRows(isMaximum: Bool, _ name: String) -> Variable {
        arithmetic(name) { x in
            let (values, positions) = x.tensor.extremaOfRows(isMaximum: isMaximum, name)
            let before = x.shape
            return x.pass.record(values, from: [x]) { upstream in
                [
                    Tensor.zeros(before, dtype: upstream.dtype)
                        .scatterAdded(axis: 1, indices: positions, source: upstream.reshaped([before[0], 1]))
                ]
            }
        }
    }

    /// Brings what is taken together into the rows of a matrix and reduces them, `[rows, n]` to `[rows]`.
    func reduced(
        over axes: [Int], keepsAxes: Bool, named operation: String, by reduction: (Variable) -> Variable
    ) -> Variable {
        let taken = tensor.axes(axes, operation)
        let kept = shape.indices.filter { !taken.contains($0) }
        let order = kept + taken
        let moved = order == Array(shape.indices) ? self : permuted(order)
        let rest = kept.map { shape[$0] }
        let rows = moved.reshaped([rest.product, taken.map { shape[$0] }.product])
        let after = keepsAxes ? shape.indices.map { taken.contains($0) ? 1 : shape[$0] } : rest
        return reduction(rows).reshaped(after)
    }
}
