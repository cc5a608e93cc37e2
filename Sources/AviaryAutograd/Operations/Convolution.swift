public import AviaryTensors

/// The two-dimensional convolution (cross-correlation, as PyTorch's `conv2d`), the same along both axes.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - weight: `[O, C / groups, kernel, kernel]`, whose two kernel extents may differ.
///   - bias: `[O]`; `nil` for none.
///   - stride: The distance between windows.
///   - padding: Rows and columns of zeros on each side.
///   - dilation: The distance between the elements of a window.
///   - groups: Channels and outputs fall into so many groups; as many as channels make it depthwise.
/// - Returns: `[N, O, H', W']` with `H' = ⌊(H + 2 padding - dilation (kernel - 1) - 1) / stride⌋ + 1`.
public func convolution(
    _ x: Variable, weight: Variable, bias: Variable? = nil, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1
) -> Variable {
    let geometry = ConvolutionGeometry(
        stride: .init(stride), padding: .init(padding), dilation: .init(dilation), groups: groups)
    return convolution(x, weight: weight, bias: bias, geometry: geometry)
}

/// The two-dimensional convolution (cross-correlation, as PyTorch's `conv2d`), each axis and side by itself.
///
/// - Parameters:
///   - x: `[N, C, H, W]`.
///   - weight: `[O, C / groups, kernel height, kernel width]`.
///   - bias: `[O]`; `nil` for none.
///   - geometry: Stride, padding, dilation and groups.
/// - Returns: `[N, O, H', W']` with `H' = ⌊(H + top + bottom - dilation (kernel - 1) - 1) / stride⌋ + 1`.
///
/// Equal to PyTorch's `conv2d`, after its `pad` where sides differ, up to 1e-5 of the maximum in `f32`
/// (convolution.json).
public func convolution(
    _ x: Variable, weight: Variable, bias: Variable? = nil, geometry: ConvolutionGeometry
) -> Variable {
    x.pass.arithmetic(
        "convolution", on: [x, weight] + (bias.map { [$0] } ?? []), native: DType.withProducts
    ) { inputs in
        let (source, weights) = (inputs[0].tensor, inputs[1].tensor)
        if x.pass.isAsking {
            let bias = inputs.dropFirst(2).first?.tensor
            return Variable(pending: PendingConvolution(source, weights, bias, geometry), pass: x.pass)
        }
        let output = source.convolved(
            with: weights, bias: bias == nil ? nil : inputs[2].tensor, geometry)
        // An input is kept only if the other side needs a gradient.
        let keptSource = inputs[1].needsGradient ? source : nil
        let keptWeights = inputs[0].needsGradient ? weights : nil
        let biasNeeds = inputs.count > 2 && inputs[2].needsGradient
        let (sourceShape, weightShape) = (source.shape, weights.shape)
        // Each number of the output is a sum over the weights of its own channel.
        let multiplyAdds = output.count * weightShape.dropFirst().reduce(1, *)
        let inputCount = inputs.count
        return x.pass.record(output, from: inputs, multiplyAdds: multiplyAdds) { upstream in
            let gradients = [
                keptWeights.map {
                    upstream.convolutionSourceGradient(source: sourceShape, weights: $0, geometry)
                },
                keptSource.map {
                    upstream.convolutionWeightGradient(source: $0, weights: weightShape, geometry)
                },
                biasNeeds ? upstream.channelSums : nil,
            ]
            return Array(gradients.prefix(inputCount))
        }
    }
}
