import AviaryTensors

extension Variable {
    /// The logarithm of the sum of exponentials along some axes, which go away or stay with an extent of 1.
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
