import AviaryKernels

extension Tensor {
    /// `[rows, inner] × [inner, columns]`; a transposed operand is given the other way round.
    ///
    /// Operands are of one kind: `f32`, `f64`, or `bf16` where the processor multiplies it; sums are `f32` or better. The
    /// output is of that kind too, unless `bf16` operands are to give `f32`.
    package func product(
        _ other: Tensor, isLeftTransposed: Bool = false, isRightTransposed: Bool = false, bias: Tensor? = nil,
        output kind: DType? = nil
    ) -> Tensor {
        guard shape.count == 2, other.shape.count == 2 else {
            shapeMistake("matrix product", shape, other.shape)
        }
        guard dtype == other.dtype else {
            dtypeMistake("matrix product with \(dtype)", other.dtype, supported: [dtype])
        }
        let rows = shape[isLeftTransposed ? 1 : 0]
        let inner = shape[isLeftTransposed ? 0 : 1]
        let columns = other.shape[isRightTransposed ? 0 : 1]
        guard inner == other.shape[isRightTransposed ? 1 : 0] else {
            shapeMistake("matrix product", shape, other.shape)
        }
        var product = ProductShape(
            rows: rows, inner: inner, columns: columns, isLeftTransposed: isLeftTransposed,
            isRightTransposed: isRightTransposed)
        switch dtype {
        case .f32: return multiplied(other, product, bias, output: .f32)
        case .bf16:
            let kind = kind ?? .bf16
            // A sum of nothing is no business of the library.
            guard inner > 0 else {
                return widened.product(
                    other.widened, isLeftTransposed: isLeftTransposed, isRightTransposed: isRightTransposed,
                    bias: bias?.cast(to: .f32)
                ).cast(to: kind)
            }
            (product.operands, product.output) = (.bf16, kind == .f32 ? .f32 : .bf16)
            return multiplied(other, product, bias?.cast(to: .f32), output: kind)
        case .f64:
            let result = Tensor(shape: [rows, columns], of: Double.self) { output in
                read(Double.self) { left in
                    other.read(Double.self) {
                        MatrixProduct.multiply(product, left: left, right: $0, output: output)
                    }
                }
            }
            return bias.map { result.adding($0) } ?? result
        default: dtypeMistake("matrix product", dtype, supported: [.f32, .f64, .bf16])
        }
    }

    private func multiplied(
        _ other: Tensor, _ product: ProductShape, _ bias: Tensor?, output kind: DType
    ) -> Tensor {
        Tensor(shape: [product.rows, product.columns], dtype: kind) { output in
            readBytes { left in
                other.readBytes { right in
                    guard let bias else {
                        return MatrixProduct.multiply(product, left: left, right: right, output: output)
                    }
                    bias.read(Float.self) {
                        MatrixProduct.multiply(product, left: left, right: right, bias: $0, output: output)
                    }
                }
            }
        }
    }
}
