import AviaryTensors

extension Variable {
    /// The logarithm of the sum of exponentials along some axes, which go away or stay with an extent of 1.
    ///
    /// Its gradient is the softmax, also of numbers so large that the result has no digits left for the logarithm.
    /// Where plus infinity takes part, its gradient is NaN and that of the others 0, as in PyTorch. Where there is
    /// nothing but minus infinity, all have a gradient of 0: PyTorch's is NaN.
    public func logSumExp(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        reduced(over: axes, keepsAxes: keepsAxes, named: "log-sum-exp") { rows in
            rows.arithmetic("log-sum-exp") { rows in
                let source = rows.tensor
                let output = source.logSumExpOfRows
                return rows.pass.record(output, from: [rows]) {
                    [source.logSumExpGradient(output: output, upstream: $0)]
                }
            }
        }
    }
}
