import AviaryTensors

/// The two-dimensional convolution (cross-correlation, as PyTorch's `conv2d`), without bias.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - weight: `[O, C, kernel, kernel]`.
///   - stride: The distance between windows.
///   - padding: Rows and columns of zeros on each side.
/// - Returns: `[N, O, H', W']` with `H' = (H + 2 padding - kernel) / stride + 1`.
public func convolution(_ x: Variable, weight: Variable, stride: Int = 1, padding: Int = 0) -> Variable {
    let (source, weights) = (x.tensor, weight.tensor)
    let output = source.convolved(with: weights, stride: stride, padding: padding)
    let (sourceNeeds, weightNeeds) = (x.needsGradient, weight.needsGradient)
    // Each number of the output is a sum over the weights of its own channel.
    let multiplyAdds = output.count * weights.shape.dropFirst().reduce(1, *)
    return x.pass.record(output, from: [x, weight], multiplyAdds: multiplyAdds) { upstream in
        [
            sourceNeeds
                ? source.convolutionSourceGradient(
                    weights: weights, stride: stride, padding: padding, destinationGradient: upstream) : nil,
            weightNeeds
                ? source.convolutionWeightGradient(
                    weights: weights, stride: stride, padding: padding, destinationGradient: upstream) : nil,
        ]
    }
}
