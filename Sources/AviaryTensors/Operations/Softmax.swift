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

    /// The mean cross entropy of logits `[rows, classes]` (this tensor) with int64 labels `[rows]`, and on demand its
    /// gradient by the logits.
    ///
    /// Both need the same powers, which are computed once: what the way back then has to do is to multiply.
    package func crossEntropy(
        labels: Tensor, smoothing: Double, wantsGradient: Bool
    ) -> (loss: Tensor, gradient: Tensor?) {
        let (rows, classes) = matrix("cross entropy")
        guard labels.shape == [rows] else { shapeMistake("cross entropy", shape, labels.shape) }
        labels.read(Int64.self) { labels in
            for row in 0..<rows where labels[row] < 0 || labels[row] >= Int64(classes) {
                fatalError("cross entropy: label \(labels[row]) with \(classes) classes")
            }
        }
        func run<T: TensorElement & BinaryFloatingPoint>(
            _ kernel: CrossEntropy<T>
        ) -> (loss: Tensor, gradient: Tensor?) {
            let gradient = wantsGradient ? Tensor.unwritten(shape, dtype: dtype) : nil
            let loss = plain.read(T.self) { logits in
                labels.read(Int64.self) {
                    kernel(rows, classes, logits, $0, smoothing, gradient?.unwritten(as: T.self))
                }
            }
            return (Tensor(T(loss)), gradient)
        }
        return dtype == .f64
            ? run(PlainSoftmax.crossEntropy as CrossEntropy<Double>)
            : run(FastSoftmax.crossEntropy as CrossEntropy<Float>)
    }

    private typealias CrossEntropy<T> = (
        Int, Int, UnsafePointer<T>, UnsafePointer<Int64>, Double, UnsafeMutablePointer<T>?
    ) -> Double

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
