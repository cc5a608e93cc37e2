public import AviaryTensors

/// The mean cross entropy of a classification.
///
/// - Parameters:
///   - logits: `[rows, classes]`.
///   - labels: int64 or int32 `[rows]`, each in `0..<classes`.
///   - smoothing: How much of each label is spread evenly over all classes.
/// - Returns: A scalar, in nats.
///
/// Source: Szegedy et al. 2016, section 7; equal to PyTorch's `cross_entropy` with mean reduction.
public func softmaxCrossEntropy(_ logits: Variable, labels: Tensor, smoothing: Double = 0) -> Variable {
    crossEntropy(logits, labels: labels, ignoredLabel: nil, smoothing: smoothing)
}
