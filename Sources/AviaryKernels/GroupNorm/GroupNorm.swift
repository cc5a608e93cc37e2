/// Brings each group of channels of each image to mean 0 and variance 1; a group is a row of `[rows, columns]`.
///
/// Source: Wu and He 2018, "Group Normalization", section 3; backward by differentiation.
package enum GroupNorm {
    /// Writes `(x - mean) / √(variance + epsilon)` and, for each row, the factor `1 / √(variance + epsilon)`.
    ///
    /// The variance is the biased one, from differences to the mean, so that a far mean costs no digits.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        rows: Int, columns: Int, epsilon: Double, source: UnsafePointer<T>,
        destination: UnsafeMutablePointer<T>, factors: UnsafeMutablePointer<T>
    ) {
        Parallel.run(rows, grain: max(1, Parallel.elementGrain / max(1, columns))) { part in
            for row in part {
                let (x, y) = (source + row * columns, destination + row * columns)
                var (sum, squares) = (0.0, 0.0)
                for i in 0..<columns { sum += Double(x[i]) }
                let mean = sum / Double(columns)
                for i in 0..<columns { squares += (Double(x[i]) - mean) * (Double(x[i]) - mean) }
                let factor = 1 / (squares / Double(columns) + epsilon).squareRoot()
                for i in 0..<columns { y[i] = T((Double(x[i]) - mean) * factor) }
                factors[row] = T(factor)
            }
        }
    }

    /// The gradient by the source: `factor · (dy - mean(dy) - y · mean(dy · y))`.
    ///
    /// `y` is what `forward` wrote.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        rows: Int, columns: Int, normalised: UnsafePointer<T>, factors: UnsafePointer<T>,
        destinationGradient: UnsafePointer<T>, sourceGradient: UnsafeMutablePointer<T>
    ) {
        Parallel.run(rows, grain: max(1, Parallel.elementGrain / max(1, columns))) { part in
            for row in part {
                let (y, dy) = (normalised + row * columns, destinationGradient + row * columns)
                let dx = sourceGradient + row * columns
                var (sum, product) = (0.0, 0.0)
                for i in 0..<columns {
                    sum += Double(dy[i])
                    product += Double(dy[i]) * Double(y[i])
                }
                let (mean, slope) = (sum / Double(columns), product / Double(columns))
                let factor = Double(factors[row])
                for i in 0..<columns { dx[i] = T(factor * (Double(dy[i]) - mean - Double(y[i]) * slope)) }
            }
        }
    }
}
