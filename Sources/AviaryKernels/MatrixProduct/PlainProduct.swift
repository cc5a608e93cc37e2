/// The sum of products as it is written: the reference for the fast ones.
@specialized(where T == Float)
@specialized(where T == Double)
package func plainProduct<T: BinaryFloatingPoint>(
    _ s: ProductShape, left: UnsafePointer<T>, right: UnsafePointer<T>, output: UnsafeMutablePointer<T>
) {
    for i in 0..<s.rows {
        for j in 0..<s.columns {
            var sum: T = 0
            for k in 0..<s.inner {
                let a = left[s.isLeftTransposed ? k * s.rows + i : i * s.inner + k]
                let b = right[s.isRightTransposed ? j * s.inner + k : k * s.columns + j]
                sum += a * b
            }
            output[i * s.columns + j] = sum
        }
    }
}
