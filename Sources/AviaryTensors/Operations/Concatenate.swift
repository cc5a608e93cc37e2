extension Tensor {
    /// Several tensors one behind the other along an axis; all other extents are the same.
    package static func concatenated(_ parts: [Tensor], axis: Int) -> Tensor {
        guard let first = parts.first else { fatalError("concatenate: given were no tensors") }
        let axis = first.axis(axis, "concatenate")
        var shape = first.shape
        shape[axis] = 0
        for part in parts {
            var expected = first.shape
            guard part.shape.count == expected.count else {
                shapeMistake("concatenate", first.shape, part.shape)
            }
            expected[axis] = part.shape[axis]
            guard part.shape == expected else { shapeMistake("concatenate", first.shape, part.shape) }
            guard part.dtype == first.dtype else {
                dtypeMistake("concatenate with \(first.dtype)", part.dtype, supported: [first.dtype])
            }
            shape[axis] += part.shape[axis]
        }
        let whole = Tensor.unwritten(shape, dtype: first.dtype)
        let steps = shape.rowMajorSteps
        var start = 0
        for part in parts {
            whole.write(part, start: start, steps: steps)
            start += part.shape[axis] * steps[axis]
        }
        return whole
    }
}
