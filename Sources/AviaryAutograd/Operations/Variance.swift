import AviaryTensors

extension Variable {
    /// The variance along some axes, which go away or stay with an extent of 1.
    ///
    /// As in PyTorch, of no more elements than `correction` it is the squares over 0: infinite, or NaN for one element.
    ///
    /// - Parameters:
    ///   - axes: Those along which elements are taken together.
    ///   - correction: What is taken off their number: 1 for a sample (PyTorch's default), 0 for a population.
    ///   - keepsAxes: Whether the axes stay.
    /// - Returns: The shape without those axes, or with 1 in their place.
    public func variance(over axes: [Int], correction: Int = 1, keepsAxes: Bool = false) -> Variable {
        reduced(over: axes, keepsAxes: keepsAxes, named: "variance") { rows in
            rows.arithmetic("variance") { rows in
                let source = rows.tensor
                return rows.pass.record(source.varianceOfRows(correction: correction), from: [rows]) {
                    [source.varianceGradient(correction: correction, upstream: $0)]
                }
            }
        }
    }
}
