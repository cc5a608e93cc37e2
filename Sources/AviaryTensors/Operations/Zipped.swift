extension Tensor {
    /// Applies a function to the elements of two tensors of one shape and kind, in double precision.
    package func zipped(
        _ name: String, with other: Tensor, _ function: (Double, Double) -> Double
    ) -> Tensor {
        guard shape == other.shape else { shapeMistake(name, shape, other.shape) }
        guard dtype == other.dtype else {
            dtypeMistake("\(name) with \(dtype)", other.dtype, supported: [dtype])
        }
        if dtype.isLowPrecision {
            return widened.zipped(name, with: other.widened, function).cast(to: dtype)
        }
        dtype.require([.f32, .f64], name)
        let (left, right) = (plain, other.plain)
        func apply<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                left.read(T.self) { a in
                    right.read(T.self) { b in
                        for i in 0..<left.count { output[i] = T(function(Double(a[i]), Double(b[i]))) }
                    }
                }
            }
        }
        return dtype == .f64 ? apply(Double.self) : apply(Float.self)
    }
}
