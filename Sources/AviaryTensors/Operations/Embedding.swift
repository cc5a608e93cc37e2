import AviaryKernels

extension Tensor {
    /// The rows of this table `[V, D]` at int64 or int32 indices of any shape: `[indices…, D]`.
    package func embedded(_ indices: Tensor) -> Tensor {
        guard shape.count == 2 else { shapeMistake("embedding", shape, "a table [V, D]") }
        return switch dtype {
        case .f32: gathered(indices, of: Float.self)
        case .f64: gathered(indices, of: Double.self)
        default: dtypeMistake("embedding", dtype, supported: [.f32, .f64])
        }
    }

    private func gathered<T: TensorElement>(_ indices: Tensor, of type: T.Type) -> Tensor {
        indices.readRows(ofTableOf: shape[0], "embedding") { rows in
            Tensor(shape: indices.shape + [shape[1]], of: type) { output in
                read(type) { RowGather.run($0, rows, width: shape[1], into: output) }
            }
        }
    }
}
