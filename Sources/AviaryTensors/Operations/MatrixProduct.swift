import AviaryKernels

extension Tensor {
    /// `[rows, inner] × [inner, columns]`; a transposed operand is given the other way round.
    package func product(
        _ other: Tensor, isLeftTransposed: Bool = false, isRightTransposed: Bool = false, bias: Tensor? = nil
    ) -> Tensor {
        guard shape.count == 2, other.shape.count == 2 else {
            shapeMistake("matrix product", shape, other.shape)
        }
        let rows = shape[isLeftTransposed ? 1 : 0]
        let inner = shape[isLeftTransposed ? 0 : 1]
        let columns = other.shape[isRightTransposed ? 0 : 1]
        guard inner == other.shape[isRightTransposed ? 1 : 0] else {
            shapeMistake("matrix product", shape, other.shape)
        }
        let product = ProductShape(
            rows: rows, inner: inner, columns: columns, isLeftTransposed: isLeftTransposed,
            isRightTransposed: isRightTransposed)
        switch dtype {
        case .f32:
            return Tensor(shape: [rows, columns], of: Float.self) { output in
                read(Float.self) { left in
                    other.read(Float.self) { right in
                        guard let bias else {
                            return MatrixProduct.multiply(product, left: left, right: right, output: output)
                        }
                        bias.read(Float.self) {
                            MatrixProduct.multiply(
                                product, left: left, right: right, bias: $0, output: output)
                        }
                    }
                }
            }
        case .f64:
            let result = Tensor(shape: [rows, columns], of: Double.self) { output in
                read(Double.self) { left in
                    other.read(Double.self) {
                        MatrixProduct.multiply(product, left: left, right: $0, output: output)
                    }
                }
            }
            return bias.map { result.adding($0) } ?? result
        default: dtypeMistake("matrix product", dtype, supported: [.f32, .f64])
        }
    }
}
