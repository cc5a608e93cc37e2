import AviaryTensors

extension Variable {
    /// Each vector along an axis divided by its Euclidean length, or by `epsilon` where it is shorter than that.
    ///
    /// - Parameters:
    ///   - axis: Where the vectors lie; a negative one counts from the back.
    ///   - epsilon: The least divisor: a vector of zeros stays one.
    /// - Returns: The shape of this variable.
    ///
    /// Source: PyTorch's `normalize` with `p = 2`.
    public func l2Normalised(axis: Int = -1, epsilon: Double = 1e-12) -> Variable {
        let name = "l2 normalisation"
        let axis = tensor.axis(axis, name)
        return alongRows(self, axis, name) { rows in
            rows.arithmetic(name) { rows in
                let (output, lengths) = rows.tensor.rowsL2Normalised(epsilon: epsilon)
                return rows.pass.record(output, from: [rows]) {
                    [output.l2NormalisationGradient(lengths: lengths, epsilon: epsilon, upstream: $0)]
                }
            }
        }
    }
}
