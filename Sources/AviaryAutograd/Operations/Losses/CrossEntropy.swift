public import AviaryTensors

/// The cross entropy of a classification whose classes weigh differently and some of whose labels do not count.
///
/// Row `i` costs `-Σ qᵢ log pᵢ`, where `p` is the softmax and `qᵢ` the label's one-hot, smoothed, times the
/// weights of the classes; zeros for an ignored label, whose logits are not read. The mean divides by the sum of the
/// labels' weights. `softmaxCrossEntropy` is the short form without weights and ignored labels.
///
/// - Parameters:
///   - logits: `[rows, classes]`.
///   - labels: int64 or int32 `[rows]`, each in `0..<classes` or `ignoredLabel`.
///   - classWeights: `[classes]`, a constant; `nil` for 1.
///   - ignoredLabel: The label of rows that do not count.
///   - smoothing: How much of each label is spread evenly over all classes.
///   - reduction: How the rows' losses become the result; `.batchMean` counts the ignored rows as well.
/// - Returns: A scalar, in nats, or with `.none` `[rows]`. As in PyTorch the mean is NaN where no row counts, with a
///   gradient of 0, and where those that do weigh 0 together, with a gradient of NaN.
///
/// Source: Szegedy et al. 2016, section 7 (smoothing); equal to PyTorch's `cross_entropy`, but for a class of weight 0
/// whose logit is minus infinity: it costs nothing, where PyTorch's smoothed loss is NaN.
public func crossEntropy(
    _ logits: Variable, labels: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = -100,
    smoothing: Double = 0, reduction: Reduction = .mean
) -> Variable {
    logits.arithmetic("cross entropy") { logits in
        let targets = CrossEntropyTargets(
            of: logits.tensor, labels: labels, classWeights: classWeights, smoothing: smoothing,
            ignoredLabel: ignoredLabel)
        return switch reduction {
        // The weight itself may be 0 beside a smoothed loss that is not: their quotient would be infinite.
        case .mean: reduced(logits, targets, divisor: targets.weight == 0 ? .nan : targets.weight)
        case .sum: reduced(logits, targets, divisor: 1)
        case .batchMean: reduced(logits, targets, divisor: Double(logits.shape[0]))
        case .none: rowLosses(logits, targets)
        }
    }
}

/// The sum of the rows' losses over a divisor.
///
/// The gradient is made beside the losses, which need the same powers; what the way back has to do is to multiply.
private func reduced(_ logits: Variable, _ targets: CrossEntropyTargets, divisor: Double) -> Variable {
    let factors = logits.needsGradient ? Tensor(repeating: 1 / divisor, shape: [logits.shape[0]]) : nil
    let (losses, gradient) = logits.tensor.crossEntropy(targets, factors: factors)
    // In the order of the rows, in double precision: the sum depends on no number of threads.
    let loss = losses.values(as: Double.self).reduce(0, +) / divisor
    var kept = gradient
    return logits.pass.record(
        logits.dtype == .f64 ? Tensor(loss) : Tensor(Float(loss)), from: [logits]
    ) { upstream in
        // Nobody else has it any more, so that it is multiplied where it lies.
        var gradient = kept
        kept = nil
        // Most often the loss itself is differentiated: there is nothing to multiply by.
        if upstream.scalar != 1 { gradient?.scale(by: upstream.scalar) }
        return [gradient]
    }
}

/// `[rows]`: the loss of each.
private func rowLosses(_ logits: Variable, _ targets: CrossEntropyTargets) -> Variable {
    let source = logits.tensor
    let losses = source.crossEntropy(targets, factors: nil).losses
    return logits.pass.record(losses.cast(to: source.dtype), from: [logits]) { upstream in
        [source.crossEntropy(targets, factors: upstream.cast(to: .f64)).gradient]
    }
}
