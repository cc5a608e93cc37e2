public import AviaryTensors

/// The mean cross entropy of a classification.
///
/// - Parameters:
///   - logits: `[rows, classes]`.
///   - labels: int64 `[rows]`, each in `0..<classes`.
///   - smoothing: How much of each label is spread evenly over all classes.
/// - Returns: A scalar, in nats.
///
/// Source: Szegedy et al. 2016, section 7; equal to PyTorch's `cross_entropy` with mean reduction.
public func softmaxCrossEntropy(_ logits: Variable, labels: Tensor, smoothing: Double = 0) -> Variable {
    logits.arithmetic("cross entropy") { logits in
        let (loss, gradient) = logits.tensor.crossEntropy(
            labels: labels, smoothing: smoothing, wantsGradient: logits.needsGradient)
        return logits.pass.record(loss, from: [logits]) { upstream in
            // Most often the loss itself is differentiated: there is nothing to multiply by.
            [upstream.scalar == 1 ? gradient : gradient?.scaled(by: upstream.scalar)]
        }
    }
}
