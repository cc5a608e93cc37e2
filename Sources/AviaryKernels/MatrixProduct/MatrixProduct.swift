import CAviaryOneDNN
import CAviaryOpenBLAS

/// Matrix products: in double precision by OpenBLAS, in single precision by the library that is the faster here
/// (`ProductLibrary`), of bf16 by oneDNN.
package enum MatrixProduct {
    /// `output = left × right (+ bias)`, of the kinds of the shape; the bias `[columns]` is added to each row.
    package static func multiply(
        _ shape: ProductShape, left: UnsafeRawPointer, right: UnsafeRawPointer,
        bias: UnsafePointer<Float>? = nil, output: UnsafeMutableRawPointer
    ) {
        guard shape.rows > 0, shape.columns > 0 else { return }
        guard shape.inner > 0 else {
            guard shape.output == .f32, !shape.adds, !shape.isRectified else {
                fatalError("matrix product: sums of nothing are f32, and nothing is done to them")
            }
            return fill(output.assumingMemoryBound(to: Float.self), shape, with: bias)
        }
        let isSimple = shape.operands == .f32 && shape.output == .f32 && !shape.adds && !shape.isRectified
        multiply(
            shape, left: left, right: right, bias: bias, output: output, by: isSimple ? .fastest : .oneDNN)
    }

    /// The same by one library, of extents above 0; OpenBLAS knows f32 alone, and nothing that is done to the sums.
    package static func multiply(
        _ shape: ProductShape, left: UnsafeRawPointer, right: UnsafeRawPointer,
        bias: UnsafePointer<Float>? = nil, output: UnsafeMutableRawPointer, by library: ProductLibrary
    ) {
        switch library {
        case .oneDNN:
            let primitive = primitives.primitive(for: Key(shape: shape, hasBias: bias != nil))
            mustSucceed(
                primitive.use { aviary_product_run($0, left, right, bias, output) }, "matrix product")
        case .openBLAS:
            guard !shape.adds, !shape.isRectified else {
                fatalError("matrix product: OpenBLAS neither adds to its output nor rectifies it")
            }
            let output = output.assumingMemoryBound(to: Float.self)
            if let bias { fill(output, shape, with: bias) }
            Parallel.adoptThreadCount()
            aviary_sgemm(
                Int64(shape.rows), Int64(shape.inner), Int64(shape.columns), shape.isLeftTransposed,
                shape.isRightTransposed, left.assumingMemoryBound(to: Float.self),
                right.assumingMemoryBound(to: Float.self), bias != nil, output)
        }
    }

    /// `output = left × right` in double precision.
    package static func multiply(
        _ shape: ProductShape, left: UnsafePointer<Double>, right: UnsafePointer<Double>,
        output: UnsafeMutablePointer<Double>
    ) {
        guard shape.rows > 0, shape.columns > 0 else { return }
        guard shape.inner > 0 else { return fill(output, shape, with: nil) }
        Parallel.adoptThreadCount()
        aviary_dgemm(
            Int64(shape.rows), Int64(shape.inner), Int64(shape.columns), shape.isLeftTransposed,
            shape.isRightTransposed, left, right, output)
    }

    /// What sums of no products are, which the libraries need not write: zeros, or the bias.
    private static func fill<T: BinaryFloatingPoint>(
        _ output: UnsafeMutablePointer<T>, _ shape: ProductShape, with bias: UnsafePointer<T>?
    ) {
        for row in 0..<shape.rows {
            for column in 0..<shape.columns { output[row * shape.columns + column] = bias?[column] ?? 0 }
        }
    }

    private struct Key: Hashable, Sendable {
        let shape: ProductShape
        let hasBias: Bool
    }

    private static let primitives = PrimitiveCache<Key> { key, error in
        var s = aviary_product_shape(
            rows: Int64(key.shape.rows), inner: Int64(key.shape.inner), columns: Int64(key.shape.columns),
            left_transposed: key.shape.isLeftTransposed, right_transposed: key.shape.isRightTransposed,
            has_bias: key.hasBias, adds: key.shape.adds, relu: key.shape.isRectified,
            operands: key.shape.operands.inOneDNN, output: key.shape.output.inOneDNN)
        return aviary_product_create(&s, error)
    }
}
