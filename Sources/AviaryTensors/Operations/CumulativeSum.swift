extension Tensor {
    /// The sum of the elements up to each along an axis, or from each on; added up in double precision.
    package func cumulativeSum(axis: Int, fromTheEnd: Bool = false) -> Tensor {
        let axis = self.axis(axis, "cumulative sum")
        let (outer, extent, inner) = extents(around: axis)
        func add<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let source = plain
            return Tensor(shape: shape, of: T.self) { output in
                source.read(T.self) { values in
                    for line in 0..<outer * inner {
                        let start = line / inner * extent * inner + line % inner
                        var total = 0.0
                        for step in 0..<extent {
                            let offset = start + (fromTheEnd ? extent - 1 - step : step) * inner
                            total += Double(values[offset])
                            output[offset] = T(total)
                        }
                    }
                }
            }
        }
        requireReal("cumulative sum")
        return dtype == .f64 ? add(Double.self) : add(Float.self)
    }
}
