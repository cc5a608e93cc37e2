extension Tensor {
    /// The sum of the elements up to each along an axis, or from each on.
    ///
    /// Reals are added up in double precision, whole numbers and truth values as int64, which wraps around.
    package func cumulativeSum(axis: Int, fromTheEnd: Bool = false) -> Tensor {
        let axis = self.axis(axis, "cumulative sum")
        let (outer, extent, inner) = extents(around: axis)
        func add<T: TensorElement, Total>(
            _ type: T.Type, from zero: Total, _ plus: (Total, T) -> Total, _ rounded: (Total) -> T
        ) -> Tensor {
            let source = plain
            return Tensor(shape: shape, of: T.self) { output in
                source.read(T.self) { values in
                    for line in 0..<outer * inner {
                        let start = line / inner * extent * inner + line % inner
                        var total = zero
                        for step in 0..<extent {
                            let offset = start + (fromTheEnd ? extent - 1 - step : step) * inner
                            total = plus(total, values[offset])
                            output[offset] = rounded(total)
                        }
                    }
                }
            }
        }
        return switch dtype {
        case .f64: add(Double.self, from: 0.0, { $0 + $1 }, { $0 })
        case .f32: add(Float.self, from: 0.0, { $0 + Double($1) }, { Float($0) })
        case .bf16, .f16: widened.cumulativeSum(axis: axis, fromTheEnd: fromTheEnd).cast(to: dtype)
        case .int64: add(Int64.self, from: 0 as Int64, { $0 &+ $1 }, { $0 })
        default: cast(to: .int64).cumulativeSum(axis: axis, fromTheEnd: fromTheEnd)
        }
    }
}
