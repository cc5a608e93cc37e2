extension Tensor {
    /// The rows of this table `[V, D]` at int64 indices of any shape: `[indices…, D]`.
    package func embedded(_ indices: Tensor) -> Tensor {
        guard shape.count == 2 else { shapeMistake("embedding", shape, "a table [V, D]") }
        let (rows, width) = (shape[0], shape[1])
        let positions = checkedRows(indices, below: rows)
        func gather<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(shape: indices.shape + [width], of: T.self) { output in
                read(T.self) { table in
                    for (place, row) in positions.enumerated() {
                        (output + place * width).update(from: table + row * width, count: width)
                    }
                }
            }
        }
        return isDouble("embedding") ? gather(Double.self) : gather(Float.self)
    }

    private func isDouble(_ name: String) -> Bool {
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return dtype == .f64
    }
}

/// The indices as row numbers; stops the program at one that is not in the table.
func checkedRows(_ indices: Tensor, below rows: Int) -> [Int] {
    guard indices.dtype == .int64 else {
        dtypeMistake("embedding's indices", indices.dtype, supported: [.int64])
    }
    return indices.values(as: Int64.self).map { index in
        guard index >= 0, index < Int64(rows) else {
            fatalError("embedding: index \(index) in a table of \(rows) rows")
        }
        return Int(index)
    }
}
