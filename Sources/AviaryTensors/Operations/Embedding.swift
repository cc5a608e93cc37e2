import AviaryKernels

extension Tensor {
    /// The rows of this table `[V, D]` at int64 indices of any shape: `[indices…, D]`.
    package func embedded(_ indices: Tensor) -> Tensor {
        guard shape.count == 2 else { shapeMistake("embedding", shape, "a table [V, D]") }
        return switch dtype {
        case .f32: gathered(indices, of: Float.self)
        case .f64: gathered(indices, of: Double.self)
        default: dtypeMistake("embedding", dtype, supported: [.f32, .f64])
        }
    }

    private func gathered<T: TensorElement>(_ indices: Tensor, of type: T.Type) -> Tensor {
        readRows(indices, below: shape[0]) { rows in
            Tensor(shape: indices.shape + [shape[1]], of: type) { output in
                read(type) { RowGather.run($0, rows, width: shape[1], into: output) }
            }
        }
    }
}

/// Lends the indices as row numbers; stops the program at one that is not in the table.
func readRows<R>(
    _ indices: Tensor, below rowCount: Int, _ body: (UnsafeBufferPointer<Int64>) -> R
) -> R {
    guard indices.dtype == .int64 else {
        dtypeMistake("embedding's indices", indices.dtype, supported: [.int64])
    }
    return indices.read(Int64.self) { first in
        let rows = UnsafeBufferPointer(start: first, count: indices.count)
        for row in rows where row < 0 || row >= rowCount {
            fatalError("embedding: index \(row) in a table of \(rowCount) rows")
        }
        return body(rows)
    }
}
