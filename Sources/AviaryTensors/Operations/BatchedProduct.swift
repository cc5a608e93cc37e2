import AviaryKernels

extension Tensor {
    /// `[…, rows, inner] × […, inner, columns]`, one product for each place in the axes in front.
    ///
    /// Those are broadcast. A transposed operand is given the other way round in its last two axes.
    package func batchedProduct(
        _ other: Tensor, isLeftTransposed: Bool = false, isRightTransposed: Bool = false
    ) -> Tensor {
        let name = "batched matrix product"
        guard shape.count >= 2, other.shape.count >= 2 else { shapeMistake(name, shape, other.shape) }
        guard dtype == other.dtype else {
            dtypeMistake("\(name) with \(dtype)", other.dtype, supported: [dtype])
        }
        dtype.require([.f32, .f64], name)
        let (a, b) = (Array(shape.suffix(2)), Array(other.shape.suffix(2)))
        let product = ProductShape(
            rows: a[isLeftTransposed ? 1 : 0], inner: a[isLeftTransposed ? 0 : 1],
            columns: b[isRightTransposed ? 0 : 1], isLeftTransposed: isLeftTransposed,
            isRightTransposed: isRightTransposed)
        let (leftBatch, rightBatch) = (Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
        guard product.inner == b[isRightTransposed ? 1 : 0],
            let batch = broadcastShape(leftBatch, rightBatch)
        else { shapeMistake(name, shape, other.shape) }
        func multiply<T: TensorElement & BinaryFloatingPoint>(
            _ kernel: (ProductShape, UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>) -> Void
        ) -> Tensor {
            let (left, right) = (plain, other.plain)
            let area = product.rows * product.columns
            return Tensor(shape: batch + [product.rows, product.columns], of: T.self) { output in
                guard product.inner > 0 else {
                    return output.update(repeating: 0, count: batch.product * area)
                }
                left.read(T.self) { x in
                    right.read(T.self) { y in
                        var destination = output
                        eachIndex(of: batch, leftBatch, rightBatch) { i, j in
                            kernel(product, x + i * a.product, y + j * b.product, destination)
                            destination += area
                        }
                    }
                }
            }
        }
        func single(
            _ product: ProductShape, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
            _ output: UnsafeMutablePointer<Float>
        ) { MatrixProduct.multiply(product, left: x, right: y, output: output) }
        func double(
            _ product: ProductShape, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
            _ output: UnsafeMutablePointer<Double>
        ) { MatrixProduct.multiply(product, left: x, right: y, output: output) }
        return dtype == .f64 ? multiply(double) : multiply(single)
    }
}
