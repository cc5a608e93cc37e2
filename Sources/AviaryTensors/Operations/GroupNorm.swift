import AviaryKernels

extension Tensor {
    /// Each group, a row of `[groups, columns]`, at mean 0 and variance 1, and the factor `[groups]` that its deviations
    /// had.
    package func groupsNormalised(epsilon: Double, named name: String) -> (output: Tensor, factors: Tensor) {
        let (rows, columns) = rowsAndColumns(name)
        func normalise<T: TensorElement & BinaryFloatingPoint>(
            _ type: T.Type
        ) -> (output: Tensor, factors: Tensor) {
            let factors = Tensor.unwritten([rows], dtype: dtype)
            let output = Tensor(shape: shape, of: T.self) { output in
                plain.read(T.self) {
                    GroupNorm.forward(
                        rows: rows, columns: columns, epsilon: epsilon, source: $0, destination: output,
                        factors: factors.unwritten(as: T.self))
                }
            }
            return (output, factors)
        }
        return dtype == .f64 ? normalise(Double.self) : normalise(Float.self)
    }

    /// The gradient by the source of a group norm whose output is this tensor.
    package func groupNormGradient(factors: Tensor, upstream: Tensor, named name: String) -> Tensor {
        let (rows, columns) = rowsAndColumns(name)
        guard upstream.shape == shape else { shapeMistake(name, shape, upstream.shape) }
        func gradient<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                read(T.self) { y in
                    factors.read(T.self) { factors in
                        upstream.plain.read(T.self) {
                            GroupNorm.backward(
                                rows: rows, columns: columns, normalised: y, factors: factors,
                                destinationGradient: $0, sourceGradient: output)
                        }
                    }
                }
            }
        }
        return dtype == .f64 ? gradient(Double.self) : gradient(Float.self)
    }

    private func rowsAndColumns(_ name: String) -> (rows: Int, columns: Int) {
        guard shape.count == 2 else { shapeMistake(name, shape, "[rows, columns]") }
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return (shape[0], shape[1])
    }
}
