import AviaryTensors

extension Variable {
    /// The mean of all elements, a scalar.
    public var mean: Variable { mean(over: Array(shape.indices)) }

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
