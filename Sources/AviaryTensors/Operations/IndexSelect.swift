extension Tensor {
    /// The parts along an axis that `indices` (int64 or int32, one axis) name, in their order.
    package func indexSelected(axis: Int, indices: Tensor) -> Tensor {
        let axis = self.axis(axis, "index select")
        guard indices.shape.count == 1 else {
            shapeMistake("index select by indices", indices.shape, "[count]")
        }
        let chosen = indices.indices(below: shape[axis], "index select")
        let (outer, extent, inner) = extents(around: axis)
        let width = inner * dtype.byteCount
        var target = shape
        target[axis] = chosen.count
        return Tensor(shape: target, dtype: dtype) { output in
            plain.readBytes { source in
                for row in 0..<outer {
                    for (position, index) in chosen.enumerated() {
                        (output + (row * chosen.count + position) * width).copyMemory(
                            from: source + (row * extent + index) * width, byteCount: width)
                    }
                }
            }
        }
    }

    /// The gradient by a tensor of `shape` whose selected parts had this gradient: parts named twice add up.
    ///
    /// `axis` is counted from the front.
    package func indexSelectGradient(shape: [Int], axis: Int, indices: Tensor) -> Tensor {
        let chosen = indices.indices(below: shape[axis], "index select")
        let (outer, _, inner) = extents(around: axis)
        let extent = shape[axis]
        func add<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let upstream = plain
            return Tensor(shape: shape, of: T.self) { output in
                output.update(repeating: 0, count: shape.product)
                upstream.read(T.self) { values in
                    for row in 0..<outer {
                        for (position, index) in chosen.enumerated() {
                            let from = values + (row * chosen.count + position) * inner
                            let to = output + (row * extent + index) * inner
                            for i in 0..<inner { to[i] += from[i] }
                        }
                    }
                }
            }
        }
        if dtype.isLowPrecision {
            return widened.indexSelectGradient(shape: shape, axis: axis, indices: indices).cast(to: dtype)
        }
        dtype.require([.f32, .f64], "index select gradient")
        return dtype == .f64 ? add(Double.self) : add(Float.self)
    }
}
