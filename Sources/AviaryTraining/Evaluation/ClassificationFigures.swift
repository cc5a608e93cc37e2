public import AviaryAutograd
public import AviaryDatasets
public import AviaryLayers
import AviaryTensors

/// How well a classifier does on a set of images.
public struct ClassificationFigures: Sendable, Equatable {
    /// The mean cross entropy, in nats.
    public let loss: Double
    /// The share of images whose greatest logit is that of their class.
    public let accuracy: Double
}

/// Asks a model about every image of a set, in evaluation mode and single precision.
///
/// With `substitutes`, as a moving average has them, it is asked with those in place of its own weights, which nobody
/// else sees.
@concurrent
public func evaluate(
    _ model: any Layer, on images: LabelledImages, normalisation: ImageNormalisation, batchSize: Int = 500,
    substitutes: Substitutes? = nil
) async throws -> ClassificationFigures {
    let loader = ImageLoader(
        images, batchSize: batchSize, seed: 0, normalisation: normalisation, augmentation: .none)
    let order = Array(0..<images.count)
    var (loss, correct) = (0.0, 0)
    for index in 0..<loader.batchCount {
        try Task.checkCancellation()
        let batch = loader.batch(epoch: 0, index: index, permutation: order)
        let pass = Pass(.evaluation, substitutes: substitutes)
        let logits = model(pass.input(batch.images))
        let labels = batch.labels.values(as: Int64.self)
        loss += softmaxCrossEntropy(logits, labels: batch.labels).tensor.scalar * Double(labels.count)
        correct += zip(logits.tensor.argmaxOfRows, labels).count { $0 == Int($1) }
    }
    let count = Double(max(1, images.count))
    return ClassificationFigures(loss: loss / count, accuracy: Double(correct) / count)
}
