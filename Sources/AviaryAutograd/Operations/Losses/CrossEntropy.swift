public import AviaryTensors

/// The cross entropy of a classification whose classes weigh differently and some of whose labels do not count.
///
/// Row `i` costs `-Σ qᵢ log pᵢ`, where `p` is the softmax and `qᵢ` the label's one-hot, smoothed, times the
/// weights of the classes; zeros for an ignored label. The mean divides by the sum of the labels' weights.
/// `softmaxCrossEntropy` is the short form without weights and ignored labels.
///
/// - Parameters:
///   - logits: `[rows, classes]`.
///   - labels: int64 `[rows]`, each in `0..<classes` or `ignoredLabel`.
///   - classWeights: `[classes]`, a constant; `nil` for 1.
///   - ignoredLabel: The label of rows that do not count.
///   - smoothing: How much of each label is spread evenly over all classes.
///   - reduction: How the rows' losses become the result; `.batchMean` counts the ignored rows as well.
/// - Returns: A scalar, in nats, or with `.none` `[rows]`. The mean over no row is NaN, as in PyTorch.
///
/// Source: Szegedy et al. 2016, section 7 (smoothing); equal to PyTorch's `cross_entropy`.
public func crossEntropy(
    _ logits: Variable, labels: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = -100,
    smoothing: Double = 0, reduction: Reduction = .mean
) -> Variable {
    logits.arithmetic("cross entropy") { logits in
        let targets = WeightedTargets(
            logits: logits.tensor, labels: labels, classWeights: classWeights, ignoredLabel: ignoredLabel,
            smoothing: smoothing)
        let losses = rowCrossEntropy(logits, targets)
        return reduction == .mean ? losses.sum / targets.weight : losses.reduced(by: reduction)
    }
}

/// `[rows]`: `-Σ q log p` of each row.
private func rowCrossEntropy(_ logits: Variable, _ targets: WeightedTargets) -> Variable {
    let (source, q, rows) = (logits.tensor, targets.tensor, logits.shape[0])
    // A class of logit -∞ costs nothing where nothing is asked of it: 0 · ∞ would be NaN.
    let terms = source.logSoftmaxOfRows.zipped("cross entropy", with: q) { $1 == 0 ? 0 : -$1 * $0 }
    let output = terms.summed(to: [rows, 1]).reshaped([rows])
    return logits.pass.record(output, from: [logits]) { upstream in
        let asked = q.summed(to: [rows, 1])
        let difference = source.softmaxOfRows.multiplying(asked).subtracting(q)  // [rows, classes]
        return [difference.multiplying(upstream.reshaped([rows, 1]))]
    }
}

/// What a cross entropy asks of each row.
private struct WeightedTargets {
    /// `[rows, classes]`, of the logits' kind.
    let tensor: Tensor
    /// The sum of the weights of all labels that count.
    let weight: Double

    init(logits: Tensor, labels: Tensor, classWeights: Tensor?, ignoredLabel: Int?, smoothing: Double) {
        let shape = logits.shape
        guard shape.count == 2 else { shapeMistake("cross entropy", shape, "[rows, classes]") }
        let (rows, classes) = (shape[0], shape[1])
        guard labels.shape == [rows] else { shapeMistake("cross entropy", shape, labels.shape) }
        guard labels.dtype == .int64 else {
            dtypeMistake("cross entropy's labels", labels.dtype, supported: [.int64])
        }
        let weights = classWeights.map(doubles) ?? [Double](repeating: 1, count: classes)
        guard weights.count == classes else {
            shapeMistake("cross entropy's class weights", shape, classWeights?.shape ?? [])
        }
        var (q, sum) = ([Double](repeating: 0, count: rows * classes), 0.0)
        for (row, label) in labels.values(as: Int64.self).enumerated() {
            if let ignoredLabel, label == Int64(ignoredLabel) { continue }
            guard label >= 0, label < Int64(classes) else {
                fatalError("cross entropy: label \(label) with \(classes) classes")
            }
            for c in 0..<classes { q[row * classes + c] = smoothing / Double(classes) * weights[c] }
            q[row * classes + Int(label)] += (1 - smoothing) * weights[Int(label)]
            sum += weights[Int(label)]
        }
        weight = sum
        tensor = logits.dtype == .f64 ? Tensor(q, shape: shape) : Tensor(q.map { Float($0) }, shape: shape)
    }
}

private func doubles(_ tensor: Tensor) -> [Double] { tensor.cast(to: .f64).values(as: Double.self) }
