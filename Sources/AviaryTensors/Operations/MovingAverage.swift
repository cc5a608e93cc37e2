import AviaryKernels

extension Tensor {
    /// `self + share · (other - self)`, exact at both ends.
    package func moved(towards other: Tensor, share: Double) -> Tensor {
        guard other.shape == shape else { shapeMistake("moving average", shape, other.shape) }
        guard other.dtype == dtype else {
            dtypeMistake("moving average with \(dtype)", other.dtype, supported: [dtype])
        }
        let (from, to) = (plain, other.plain)
        switch dtype {
        case .f32:
            return Tensor(shape: shape, of: Float.self) { output in
                from.read(Float.self) { a in
                    to.read(Float.self) {
                        MovingAverageStep.run(from: a, to: $0, share: share, into: output, count: count)
                    }
                }
            }
        case .f64:
            return Tensor(shape: shape, of: Double.self) { output in
                from.read(Double.self) { a in
                    to.read(Double.self) {
                        MovingAverageStep.runPlain(from: a, to: $0, share: share, into: output, count: count)
                    }
                }
            }
        default: dtypeMistake("moving average", dtype, supported: [.f32, .f64])
        }
    }
}
