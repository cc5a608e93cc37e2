/// Bias, activation and dropout as they are written, in double precision.
package enum PlainBiasActivation {
    /// Writes `output` `[rows, columns]`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ a: BiasActivation, x: UnsafePointer<T>, bias: UnsafePointer<T>, output: UnsafeMutablePointer<T>
    ) {
        for i in 0..<a.rows * a.columns {
            let sum = Double(x[i]) + Double(bias[i % a.columns])
            output[i] = T(PlainElementFunction.value(a.function, at: sum) * (a.dropout?.factor(at: i) ?? 1))
        }
    }

    /// Writes the gradients by `x` and, where it is wanted, by the bias.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        _ a: BiasActivation, x: UnsafePointer<T>, bias: UnsafePointer<T>, upstream: UnsafePointer<T>,
        gradient: UnsafeMutablePointer<T>, biasGradient: UnsafeMutablePointer<T>?
    ) {
        var sums = [Double](repeating: 0, count: a.columns)
        for i in 0..<a.rows * a.columns {
            let sum = Double(x[i]) + Double(bias[i % a.columns])
            let back = Double(upstream[i]) * (a.dropout?.factor(at: i) ?? 1)
            let kept = a.function.keepsOutput ? PlainElementFunction.value(a.function, at: sum) : sum
            let own = PlainElementFunction.gradient(a.function, kept: kept, upstream: back)
            gradient[i] = T(own)
            sums[i % a.columns] += own
        }
        guard let biasGradient else { return }
        for column in 0..<a.columns { biasGradient[column] = T(sums[column]) }
    }
}
