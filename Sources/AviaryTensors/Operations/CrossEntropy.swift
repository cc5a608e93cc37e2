import AviaryKernels

/// What a cross entropy asks of rows of logits `[rows, classes]`, checked.
package struct CrossEntropyTargets: Sendable {
    /// int64 `[rows]`.
    fileprivate let labels: Tensor
    /// `[classes]`, of the logits' kind; `nil` where each is 1.
    fileprivate let classWeights: Tensor?
    fileprivate let smoothing: Double
    fileprivate let ignoredLabel: Int64?
    /// The sum of the weights of all labels that count: how many they are, where no class weighs more than another.
    package let weight: Double

    /// Stops the program at labels and weights that do not fit the logits.
    package init(
        of logits: Tensor, labels: Tensor, classWeights: Tensor?, smoothing: Double, ignoredLabel: Int?
    ) {
        let shape = logits.shape
        guard shape.count == 2 else { shapeMistake("cross entropy", shape, "[rows, classes]") }
        guard labels.shape == [shape[0]] else { shapeMistake("cross entropy", shape, labels.shape) }
        guard labels.dtype == .int64 || labels.dtype == .int32 else {
            dtypeMistake("cross entropy's labels", labels.dtype, supported: [.int64, .int32])
        }
        if let classWeights, classWeights.shape != [shape[1]] {
            shapeMistake("cross entropy's class weights", shape, classWeights.shape)
        }
        self.labels = labels.cast(to: .int64).plain
        self.classWeights = classWeights?.cast(to: logits.dtype).plain
        self.smoothing = smoothing
        let ignored = ignoredLabel.map { Int64($0) }
        self.ignoredLabel = ignored
        let counted = self.labels.values(as: Int64.self).filter { $0 != ignored }
        for label in counted where label < 0 || label >= Int64(shape[1]) {
            fatalError("cross entropy: label \(label) with \(shape[1]) classes")
        }
        let weights = self.classWeights?.cast(to: .f64).values(as: Double.self)
        weight =
            weights.map { weights in counted.reduce(0) { $0 + weights[Int($1)] } } ?? Double(counted.count)
    }
}

extension Tensor {
    /// The cross entropy of each row of logits `[rows, classes]` (this tensor) with its target, and on demand the
    /// gradient by the logits of the sum of the losses, each times its factor.
    ///
    /// Both need the same powers, which are computed once. Beside the logits and their gradient nothing is as large as
    /// they are, and rows that do not count are not read.
    ///
    /// - Parameters:
    ///   - targets: What is asked of the rows.
    ///   - factors: f64 `[rows]`; `nil` where no gradient is wanted.
    /// - Returns: f64 `[rows]`, and the shape and kind of the logits.
    package func crossEntropy(
        _ targets: CrossEntropyTargets, factors: Tensor?
    ) -> (losses: Tensor, gradient: Tensor?) {
        dtype == .f64
            ? crossEntropy(targets, factors, by: PlainSoftmax.crossEntropy as CrossEntropy<Double>)
            : crossEntropy(targets, factors, by: FastSoftmax.crossEntropy as CrossEntropy<Float>)
    }

    private typealias CrossEntropy<T: BinaryFloatingPoint> = (
        Int, Int, UnsafePointer<T>, LabelTargets<T>, UnsafePointer<Double>?, UnsafeMutablePointer<Double>,
        UnsafeMutablePointer<T>?
    ) -> Void

    private func crossEntropy<T: TensorElement & BinaryFloatingPoint>(
        _ targets: CrossEntropyTargets, _ factors: Tensor?, by kernel: CrossEntropy<T>
    ) -> (losses: Tensor, gradient: Tensor?) {
        guard dtype == T.dtype else { dtypeMistake("cross entropy", dtype, supported: [.f32, .f64]) }
        let (rows, classes) = (shape[0], shape[1])
        let gradient = factors.map { _ in Tensor.unwritten(shape, dtype: dtype) }
        let place = gradient?.storage.bytes.bindMemory(to: T.self, capacity: count)
        let losses = Tensor(shape: [rows], of: Double.self) { losses in
            plain.read(T.self) { logits in
                targets.labels.read(Int64.self) { labels in
                    Tensor.lend(targets.classWeights, as: T.self) { weights in
                        Tensor.lend(factors, as: Double.self) { factors in
                            let asked = LabelTargets(
                                labels: labels, classes: classes, weights: weights,
                                smoothing: targets.smoothing, ignoredLabel: targets.ignoredLabel)
                            kernel(rows, classes, logits, asked, factors, losses, place)
                        }
                    }
                }
            }
        }
        return (losses, gradient)
    }
}
