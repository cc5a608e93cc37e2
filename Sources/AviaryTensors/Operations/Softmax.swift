import AviaryKernels

extension Tensor {
    /// The softmax of each row of `[rows, classes]`.
    package var softmaxOfRows: Tensor {
        mappedRows("softmax", FastSoftmax.softmax, PlainSoftmax.softmax)
    }

    /// The gradient by the logits of a softmax of rows whose output is this tensor.
    package func softmaxGradient(upstream: Tensor) -> Tensor {
        mappedRows("softmax", with: upstream, FastSoftmax.softmaxGradient, PlainSoftmax.softmaxGradient)
    }

    /// The logarithm of the softmax of each row of `[rows, classes]`.
    package var logSoftmaxOfRows: Tensor {
        mappedRows("log-softmax", FastSoftmax.logSoftmax, PlainSoftmax.logSoftmax)
    }

    /// The gradient by the logits of a log-softmax of rows whose output is this tensor.
    package func logSoftmaxGradient(upstream: Tensor) -> Tensor {
        mappedRows(
            "log-softmax", with: upstream, FastSoftmax.logSoftmaxGradient, PlainSoftmax.logSoftmaxGradient)
    }

    private func mappedRows(
        _ name: String, _ fast: (Int, Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
        _ plainly: (Int, Int, UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) -> Tensor {
        let (rows, classes) = matrix(name)
        func run<T: TensorElement>(
            _ kernel: (Int, Int, UnsafePointer<T>, UnsafeMutablePointer<T>) -> Void
        ) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                plain.read(T.self) { kernel(rows, classes, $0, output) }
            }
        }
        return dtype == .f64 ? run(plainly) : run(fast)
    }

    private func mappedRows(
        _ name: String, with other: Tensor,
        _ fast: (Int, Int, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
        _ plainly: (
            Int, Int, UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>
        ) -> Void
    ) -> Tensor {
        let (rows, classes) = matrix(name)
        guard other.shape == shape else { shapeMistake(name, shape, other.shape) }
        func run<T: TensorElement>(
            _ kernel: (Int, Int, UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>) -> Void
        ) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                plain.read(T.self) { first in
                    other.plain.read(T.self) { kernel(rows, classes, first, $0, output) }
                }
            }
        }
        return dtype == .f64 ? run(plainly) : run(fast)
    }

    private func matrix(_ name: String) -> (rows: Int, columns: Int) {
        guard shape.count == 2 else { shapeMistake(name, shape, "[rows, classes]") }
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return (shape[0], shape[1])
    }
}
