import AviaryTensors

/// A convolution in a pass that only asks: computed when somebody looks at it.
///
/// So a norm behind it, with statistics that stand, finds it still to be done: it goes into the weights, and the sum and
/// the ReLU into the same pass over memory. The model is written as always.
final class PendingConvolution {
    let shape: [Int]
    private let source: Tensor
    private let weights: Tensor
    private let bias: Tensor?
    private let geometry: ConvolutionGeometry
    private var made: Tensor?

    init(_ source: Tensor, _ weights: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry) {
        shape = source.shapeConvolved(with: weights.shape, geometry)
        (self.source, self.weights, self.bias, self.geometry) = (source, weights, bias, geometry)
    }

    var dtype: DType { source.dtype }

    /// The convolution alone.
    var tensor: Tensor {
        if let made { return made }
        let output = source.convolved(with: weights, bias: bias, geometry, keepsWeights: true)
        made = output
        return output
    }

    /// The convolution through a norm; `nil` where it has been computed already, or where numbers of the two together
    /// are not finite: oneDNN's ReLU makes 0 of NaN.
    func normalised(_ norm: ChannelNorm, adding: Tensor?, isRectified: Bool) -> Tensor? {
        guard made == nil, let folded = norm.folded(into: weights, bias: bias) else { return nil }
        return source.convolved(
            with: folded.weights, bias: folded.bias, geometry, adding: adding, isRectified: isRectified,
            keepsWeights: true)
    }
}
