/// Layer norm as the paper writes it, with what may stand before it: the reference, and the form for double precision.
///
/// Source: Ba et al. 2016, equation 3; backward by differentiation.
package enum PlainLayerNorm {
    /// Writes the sum that is normalised, the output, and of each row the mean and the inverse of the deviation.
    ///
    /// The variance is the biased one, from differences to the mean, so that a far mean costs no digits.
    package static func forward<T: BinaryFloatingPoint>(
        _ rule: LayerNormRule, of type: T.Type, _ operands: LayerNormOperands, _ results: LayerNormResults
    ) {
        let source = numbers(operands.source, of: T.self)
        let residual = operands.residual.map { numbers($0, of: T.self) }
        let weight = operands.weight.map { numbers($0, of: T.self) }
        let bias = operands.bias.map { numbers($0, of: T.self) }
        let sum = results.sum.map { place($0, of: T.self) }
        let output = place(results.output, of: T.self)
        let (means, inverses) = (place(results.means, of: T.self), place(results.inverses, of: T.self))
        let n = Double(rule.columns)
        for row in 0..<rule.rows {
            let first = row * rule.columns
            let x = (first..<first + rule.columns).map { i in
                let own = Double(source[i]) * (rule.dropout?.factor(at: i) ?? 1)
                return residual.map { T(own + Double($0[i])) } ?? source[i]
            }
            let mean = x.reduce(0) { $0 + Double($1) } / n
            let variance = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / n
            let inverse = 1 / (variance + rule.epsilon).squareRoot()
            for (c, value) in x.enumerated() {
                let normal = (Double(value) - mean) * inverse
                sum?[first + c] = value
                output[first + c] = T(normal * Double(weight?[c] ?? 1) + Double(bias?[c] ?? 0))
            }
            (means[row], inverses[row]) = (T(mean), T(inverse))
        }
    }

    /// Writes the gradients that are asked for.
    ///
    /// With `y` the normalised row and `g` the gradient of the output times the scale, that of the sum is
    /// `inverse · (g - mean(g) - y · mean(g · y))`, and what came back to the sum itself.
    package static func backward<T: BinaryFloatingPoint>(
        _ rule: LayerNormRule, of type: T.Type, _ given: LayerNormUpstream, _ gradients: LayerNormGradients
    ) {
        let (normalised, upstream) = (
            numbers(given.normalised, of: T.self), numbers(given.output, of: T.self)
        )
        let (means, inverses) = (numbers(given.means, of: T.self), numbers(given.inverses, of: T.self))
        let weight = given.weight.map { numbers($0, of: T.self) }
        let (other, ofSum) = (
            given.other.map { numbers($0, of: T.self) }, given.sum.map { numbers($0, of: T.self) }
        )
        let source = gradients.source.map { place($0, of: T.self) }
        let residual = gradients.residual.map { place($0, of: T.self) }
        let n = Double(rule.columns)
        var ofWeight = [Double](repeating: 0, count: rule.columns)
        var ofBias = ofWeight
        for row in 0..<rule.rows {
            let (first, inverse) = (row * rule.columns, Double(inverses[row]))
            let y = (0..<rule.columns).map { (Double(normalised[first + $0]) - Double(means[row])) * inverse }
            let dy = (0..<rule.columns).map { Double(upstream[first + $0]) + Double(other?[first + $0] ?? 0) }
            let g = (0..<rule.columns).map { dy[$0] * Double(weight?[$0] ?? 1) }
            let mean = g.reduce(0, +) / n
            let slope = zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / n
            for c in 0..<rule.columns {
                ofWeight[c] += dy[c] * y[c]
                ofBias[c] += dy[c]
                let whole = inverse * (g[c] - mean - y[c] * slope) + Double(ofSum?[first + c] ?? 0)
                residual?[first + c] = T(whole)
                source?[first + c] = T(whole * (rule.dropout?.factor(at: first + c) ?? 1))
            }
        }
        let (weightGradient, biasGradient) = (
            place(gradients.weight, of: T.self), place(gradients.bias, of: T.self)
        )
        for c in 0..<rule.columns { (weightGradient[c], biasGradient[c]) = (T(ofWeight[c]), T(ofBias[c])) }
    }

    private static func numbers<T>(_ start: UnsafeRawPointer, of type: T.Type) -> UnsafePointer<T> {
        start.assumingMemoryBound(to: type)
    }

    private static func place<T>(
        _ start: UnsafeMutableRawPointer, of type: T.Type
    ) -> UnsafeMutablePointer<T> {
        start.assumingMemoryBound(to: type)
    }
}
