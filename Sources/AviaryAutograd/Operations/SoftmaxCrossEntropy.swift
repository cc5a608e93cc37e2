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
        let source = logits.tensor
        return logits.pass.record(source.crossEntropy(labels: labels, smoothing: smoothing), from: [logits]) {
            [source.crossEntropyGradient(labels: labels, smoothing: smoothing, upstream: $0)]
        }
    }
}
