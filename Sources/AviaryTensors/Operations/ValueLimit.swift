import AviaryKernels

extension Tensor {
    /// Every element brought into `[-limit, limit]`, in the same layout; NaN stays NaN.
    package func limited(to limit: Double) -> Tensor {
        switch dtype {
        case .f32:
            return Tensor(shape: shape, layout: layout, of: Float.self) { output in
                read(Float.self) {
                    ValueLimit.run($0, limit: limit, into: output, count: elementCountInMemory)
                }
            }
        case .f64:
            return Tensor(shape: shape, layout: layout, of: Double.self) { output in
                read(Double.self) {
                    ValueLimit.runPlain($0, limit: limit, into: output, count: elementCountInMemory)
                }
            }
        default: dtypeMistake("limit", dtype, supported: [.f32, .f64])
        }
    }
}
