extension Tensor {
    /// The axes in another order: axis `i` of the result is axis `axes[i]` of this tensor.
    package func permuted(_ axes: [Int]) -> Tensor {
        guard axes.sorted() == Array(shape.indices) else { shapeMistake("permute", shape, axes) }
        let extents = axes.map { shape[$0] }
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        let steps = axes.map { strides[$0] }
        func copy<T: TensorElement>(_ type: T.Type) -> Tensor {
            let source = plain
            return Tensor(shape: extents, of: T.self) { output in
                source.read(T.self) { values in
                    var (index, offset) = ([Int](repeating: 0, count: extents.count), 0)
                    for position in 0..<source.count {
                        output[position] = values[offset]
                        var axis = extents.count - 1
                        while axis >= 0 {
                            index[axis] += 1
                            offset += steps[axis]
                            if index[axis] < extents[axis] { break }
                            offset -= steps[axis] * extents[axis]
                            index[axis] = 0
                            axis -= 1
                        }
                    }
                }
            }
        }
        return switch dtype {
        case .f32: copy(Float.self)
        case .f64: copy(Double.self)
        case .int64: copy(Int64.self)
        case .uint8: copy(UInt8.self)
        }
    }
}
