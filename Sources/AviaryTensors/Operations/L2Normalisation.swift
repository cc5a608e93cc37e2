import AviaryKernels

extension Tensor {
    /// Each row of `[rows, columns]` divided by its Euclidean length, or by `epsilon` where it is shorter; the lengths,
    /// `[rows]`.
    package func rowsL2Normalised(epsilon: Double) -> (output: Tensor, lengths: Tensor) {
        let (rows, columns) = l2Rows
        func run<T: TensorElement>(_ kernel: Forward<T>) -> (output: Tensor, lengths: Tensor) {
            let lengths = Tensor.unwritten([rows], dtype: dtype)
            let output = Tensor(shape: shape, of: T.self) { output in
                plain.read(T.self) {
                    kernel(rows, columns, epsilon, $0, output, lengths.unwritten(as: T.self))
                }
            }
            return (output, lengths)
        }
        return dtype == .f64
            ? run(PlainL2Normalisation.forward as Forward<Double>)
            : run(FastL2Normalisation.forward as Forward<Float>)
    }

    /// The gradient by the source of such a normalisation whose output is this tensor.
    package func l2NormalisationGradient(lengths: Tensor, epsilon: Double, upstream: Tensor) -> Tensor {
        let (rows, columns) = l2Rows
        guard upstream.shape == shape else { shapeMistake("l2 normalisation", shape, upstream.shape) }
        func run<T: TensorElement>(_ kernel: Backward<T>) -> Tensor {
            Tensor(shape: shape, of: T.self) { gradient in
                plain.read(T.self) { output in
                    lengths.read(T.self) { lengths in
                        upstream.plain.read(T.self) {
                            kernel(rows, columns, epsilon, output, lengths, $0, gradient)
                        }
                    }
                }
            }
        }
        return dtype == .f64
            ? run(PlainL2Normalisation.backward as Backward<Double>)
            : run(FastL2Normalisation.backward as Backward<Float>)
    }

    private typealias Forward<T> = (
        Int, Int, Double, UnsafePointer<T>, UnsafeMutablePointer<T>, UnsafeMutablePointer<T>
    ) -> Void
    private typealias Backward<T> = (
        Int, Int, Double, UnsafePointer<T>, UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>
    ) -> Void

    private var l2Rows: (rows: Int, columns: Int) {
        let name = "l2 normalisation"
        guard shape.count == 2 else { shapeMistake(name, shape, "[rows, columns]") }
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return (shape[0], shape[1])
    }
}
