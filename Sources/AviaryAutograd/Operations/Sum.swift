import AviaryTensors

extension Variable {
    /// The sum of all elements, a scalar.
    public var sum: Variable { sum(over: Array(shape.indices)) }

    /// The mean of all elements, a scalar.
    public var mean: Variable { mean(over: Array(shape.indices)) }

    /// The sum along some axes, which go away or stay with an extent of 1; a negative one counts from the back.
    ///
    /// Of no elements it is 0.
    public func sum(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        let (before, axes) = (shape, tensor.axes(axes, "sum"))
        let kept = before.indices.map { axes.contains($0) ? 1 : before[$0] }
        let after = keepsAxes ? kept : before.indices.filter { !axes.contains($0) }.map { before[$0] }
        return arithmetic("sum") { x in
            x.pass.record(x.tensor.summed(to: kept).reshaped(after), from: [x]) {
                [$0.reshaped(kept).broadcast(to: before)]
            }
        }
    }

    /// The mean along some axes, which go away or stay with an extent of 1; a negative one counts from the back.
    ///
    /// Of no elements it is NaN.
    public func mean(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        let count = tensor.axes(axes, "mean").map { shape[$0] }.product
        return arithmetic("mean") { x in
            x.sum(over: axes, keepsAxes: keepsAxes) * (1 / Double(count))
        }
    }
}
