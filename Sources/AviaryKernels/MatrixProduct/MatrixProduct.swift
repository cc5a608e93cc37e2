import CAviaryOneDNN
import CAviaryOpenBLAS

/// The extents of `[rows, inner] × [inner, columns]`; a transposed operand lies in memory the other way round.
package struct ProductShape: Hashable, Sendable {
    package var rows: Int
    package var inner: Int
    package var columns: Int
    package var isLeftTransposed = false
    package var isRightTransposed = false
    /// That of both operands, and that of the output; sums and a bias are f32.
    package var operands = RealKind.f32
    package var output = RealKind.f32
    /// The sums are added to what the output holds.
    package var adds = false
    /// The positive part is taken, last.
    package var isRectified = false

    package init(
        rows: Int, inner: Int, columns: Int, isLeftTransposed: Bool = false, isRightTransposed: Bool = false,
        operands: RealKind = .f32, output: RealKind = .f32
    ) {
        self.rows = rows
        self.inner = inner
        self.columns = columns
        self.isLeftTransposed = isLeftTransposed
        self.isRightTransposed = isRightTransposed
        self.operands = operands
        self.output = output
    }
}

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
        let isSingle = shape.operands == .f32 && shape.output == .f32
        multiply(
            shape, left: left, right: right, bias: bias, output: output, by: isSingle ? .fastest : .oneDNN)
    }

    /// The same by one library, of extents above 0; OpenBLAS knows f32 alone.
    package static func multiply(
        _ shape: ProductShape, left: UnsafeRawPointer, right: UnsafeRawPointer,
        bias: UnsafePointer<Float>? = nil, output: UnsafeMutableRawPointer, by library: ProductLibrary
    ) {
        switch library {
        case .oneDNN:
            let primitive = primitives.primitive(for: Key(shape: shape, hasBias: bias != nil))
            mustSucceed(aviary_product_run(primitive, left, right, bias, output), "matrix product")
        case .openBLAS:
            let output = output.assumingMemoryBound(to: Float.self)
            if let bias, !shape.adds { fill(output, shape, with: bias) }
            Parallel.adoptThreadCount()
            aviary_sgemm(
                Int64(shape.rows), Int64(shape.inner), Int64(shape.columns), shape.isLeftTransposed,
                shape.isRightTransposed, left.assumingMemoryBound(to: Float.self),
                right.assumingMemoryBound(to: Float.self), bias != nil || shape.adds, output)
            if let bias, shape.adds { add(bias, to: output, shape) }
            if shape.isRectified { rectify(output, shape) }
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

    private static func add(
        _ bias: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>, _ shape: ProductShape
    ) {
        for row in 0..<shape.rows {
            for column in 0..<shape.columns { output[row * shape.columns + column] += bias[column] }
        }
    }

    private static func rectify(_ output: UnsafeMutablePointer<Float>, _ shape: ProductShape) {
        let count = shape.rows * shape.columns
        FastElementFunction.values(.relu, .f32, output, into: output, count: count)
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
