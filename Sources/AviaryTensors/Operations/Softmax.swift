import AviaryKernels

extension Tensor {
    /// The softmax of each row of `[rows, classes]`.
    package var softmaxOfRows: Tensor {
        let (rows, classes) = matrix("softmax")
        func softmax<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                read(T.self) {
                    SoftmaxCrossEntropy.softmax(
                        rows: rows, classes: classes, logits: $0, probabilities: output)
                }
            }
        }
        return dtype == .f64 ? softmax(Double.self) : softmax(Float.self)
    }

    /// The logarithm of the softmax of each row of `[rows, classes]`.
    package var logSoftmaxOfRows: Tensor {
        let (rows, classes) = matrix("log-softmax")
        func logSoftmax<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                read(T.self) {
                    SoftmaxCrossEntropy.logSoftmax(rows: rows, classes: classes, logits: $0, output: output)
                }
            }
        }
        return dtype == .f64 ? logSoftmax(Double.self) : logSoftmax(Float.self)
    }

    /// The mean cross entropy of logits `[rows, classes]` (this tensor) with int64 labels `[rows]`.
    package func crossEntropy(labels: Tensor, smoothing: Double) -> Tensor {
        let (rows, classes) = matrix("cross entropy")
        guard labels.shape == [rows] else { shapeMistake("cross entropy", shape, labels.shape) }
        func loss<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(
                read(T.self) { logits in
                    labels.read(Int64.self) { labels -> T in
                        for row in 0..<rows where labels[row] < 0 || labels[row] >= Int64(classes) {
                            fatalError("cross entropy: label \(labels[row]) with \(classes) classes")
                        }
                        return SoftmaxCrossEntropy.loss(
                            rows: rows, classes: classes, logits: logits, labels: labels, smoothing: smoothing
                        )
                    }
                })
        }
        return dtype == .f64 ? loss(Double.self) : loss(Float.self)
    }

    /// The gradient of that loss by the logits (this tensor).
    package func crossEntropyGradient(labels: Tensor, smoothing: Double, upstream: Tensor) -> Tensor {
        let (rows, classes) = matrix("cross entropy")
        let (probabilities, factor) = (softmaxOfRows, upstream.scalar)
        func gradient<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            Tensor(shape: shape, of: T.self) { output in
                probabilities.read(T.self) { p in
                    labels.read(Int64.self) {
                        SoftmaxCrossEntropy.backward(
                            rows: rows, classes: classes, probabilities: p, labels: $0, smoothing: smoothing,
                            upstream: T(factor), gradient: output)
                    }
                }
            }
        }
        return dtype == .f64 ? gradient(Double.self) : gradient(Float.self)
    }

    private func matrix(_ name: String) -> (rows: Int, columns: Int) {
        guard shape.count == 2 else { shapeMistake(name, shape, "[rows, classes]") }
        guard dtype == .f32 || dtype == .f64 else { dtypeMistake(name, dtype, supported: [.f32, .f64]) }
        return (shape[0], shape[1])
    }
}
