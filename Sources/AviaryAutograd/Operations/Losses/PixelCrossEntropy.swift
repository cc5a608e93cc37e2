public import AviaryTensors

/// The cross entropy of a classification of every pixel, or of every place of a sequence or a volume.
///
/// It is `crossEntropy` of the places as rows, whose settings it has.
///
/// - Parameters:
///   - logits: `[N, C, …]`, with one axis or more behind the classes.
///   - labels: int64 or int32 `[N, …]`, each in `0..<C` or `ignoredLabel`.
///   - classWeights: `[C]`, a constant; `nil` for 1.
///   - ignoredLabel: The label of places that do not count.
///   - smoothing: How much of each label is spread evenly over all classes.
///   - reduction: How the places' losses become the result; `.batchMean` divides their sum by `N`.
/// - Returns: A scalar, in nats, or with `.none` `[N, …]`.
///
/// Source: Long et al. 2015, section 3 (a loss that is a sum over places); equal to PyTorch's `cross_entropy` of such shapes.
public func pixelCrossEntropy(
    _ logits: Variable, labels: Tensor, classWeights: Tensor? = nil, ignoredLabel: Int? = -100,
    smoothing: Double = 0, reduction: Reduction = .mean
) -> Variable {
    let shape = logits.shape
    guard shape.count >= 3 else { shapeMistake("cross entropy of pixels", shape, "[N, C, …]") }
    guard labels.shape == Array(shape.prefix(1) + shape.dropFirst(2)) else {
        shapeMistake("cross entropy of pixels", shape, labels.shape)
    }
    let rows = logits.permuted([0] + Array(2..<shape.count) + [1]).reshaped([labels.count, shape[1]])
    func losses(_ reduction: Reduction) -> Variable {
        crossEntropy(
            rows, labels: labels.reshaped([labels.count]), classWeights: classWeights,
            ignoredLabel: ignoredLabel, smoothing: smoothing, reduction: reduction)
    }
    return switch reduction {
    case .mean, .sum: losses(reduction)
    case .batchMean: losses(.sum) * (1 / Double(shape[0]))
    case .none: losses(.none).reshaped(labels.shape)
    }
}
