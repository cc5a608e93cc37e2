import AviaryTensors

extension Variable {
    /// The sum of all elements, a scalar.
    public var sum: Variable { sum(over: Array(shape.indices)) }

    /// The sum along some axes, which go away or stay with an extent of 1; a negative one counts from the back.
    ///
    /// Of no elements it is 0. Whole numbers and truth values, of which true is 1, are added up in int64, without a
    /// gradient.
    public func sum(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        let reduced = ReducedAxes(axes, of: tensor, keepsAxes: keepsAxes, "sum")
        let (before, kept) = (shape, reduced.broadcastResult)
        return arithmetic("sum", takes: DType.allCases) { x in
            x.pass.record(x.tensor.sum(over: axes, keepsAxes: keepsAxes), from: [x]) {
                [$0.reshaped(kept).broadcast(to: before)]
            }
        }
    }
}
