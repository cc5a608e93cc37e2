extension Tensor {
    /// A row for each index that is 1 there and 0 elsewhere.
    ///
    /// An index outside `0..<classes` stops the program.
    ///
    /// - Parameters:
    ///   - classes: The length of a row.
    ///   - dtype: The rows' kind of element; PyTorch's `one_hot` gives int64.
    /// - Returns: This shape, of int64 or int32, with `classes` as a further axis.
    public func oneHot(classes: Int, dtype: DType = .f32) -> Tensor {
        let chosen = indices(below: classes, "one-hot")
        func rows<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape + [classes], of: T.self) { output in
                output.update(repeating: T(nearest: 0), count: chosen.count * classes)
                for (row, index) in chosen.enumerated() { output[row * classes + index] = T(nearest: 1) }
            }
        }
        return rows(dtype.element)
    }
}
