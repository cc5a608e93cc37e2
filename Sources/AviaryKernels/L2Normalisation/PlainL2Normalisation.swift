/// Rows of `[rows, columns]` divided by their Euclidean length: the reference, and the form for double precision.
package enum PlainL2Normalisation {
    /// Divides each row by its length, or by `epsilon` where it is shorter; writes the lengths, `[rows]`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        rows: Int, columns: Int, epsilon: Double, source: UnsafePointer<T>,
        output: UnsafeMutablePointer<T>, lengths: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let (x, y) = (source + row * columns, output + row * columns)
            var squares = 0.0
            for i in 0..<columns { squares += Double(x[i]) * Double(x[i]) }
            let length = T(squares.squareRoot())
            let divisor = length < T(epsilon) ? T(epsilon) : length
            for i in 0..<columns { y[i] = x[i] / divisor }
            lengths[row] = length
        }
    }

    /// The gradient by the source: `(dy - y Σ dy y) / length`; a divisor that does not follow its row has no slope.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: BinaryFloatingPoint>(
        rows: Int, columns: Int, epsilon: Double, output: UnsafePointer<T>, lengths: UnsafePointer<T>,
        upstream: UnsafePointer<T>, gradient: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            let (y, dy) = (output + row * columns, upstream + row * columns)
            let follows = !(lengths[row] < T(epsilon))
            let divisor = Double(follows ? lengths[row] : T(epsilon))
            var share = 0.0
            for i in 0..<columns where follows { share += Double(y[i]) * Double(dy[i]) }
            for i in 0..<columns {
                gradient[row * columns + i] = T((Double(dy[i]) - Double(y[i]) * share) / divisor)
            }
        }
    }
}
