extension Tensor {
    /// `kept` times this plus `share` times another: running statistics after a batch, `[C]` of f32 or f64.
    package func blended(with other: Tensor, keeping kept: Double, adding share: Double) -> Tensor {
        guard other.shape == shape else { shapeMistake("running statistics", shape, other.shape) }
        func blend<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let (kept, share) = (T(kept), T(share))
            return Tensor(shape: shape, of: T.self) { output in
                read(T.self) { old in
                    other.cast(to: dtype).read(T.self) { new in
                        for i in 0..<count { output[i] = kept * old[i] + share * new[i] }
                    }
                }
            }
        }
        return dtype == .f64 ? blend(Double.self) : blend(Float.self)
    }
}
