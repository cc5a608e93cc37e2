package import AviaryTensors

/// What a norm does with its result.
public enum NormActivation: String, Sendable, CaseIterable {
    /// It stays as it is.
    case none
    /// Its positive part: `max(0, x)`.
    case relu
}

/// Normalises each channel of `[N, C, H, W]` over batch and plane, then scales and shifts it; what is added and the
/// activation come in the same pass over memory.
///
/// Training uses the batch's mean and biased variance and gives them to `onStatistics`, for a layer to fold into
/// its running ones; with `runningStatistics` those are used and are constants. One number alone has no variance:
/// a batch of one pixel stops the program, as in PyTorch, unless there are running statistics.
///
/// - Parameters:
///   - x: `[N, C, H, W]`; the result is of its kind.
///   - scale: `[C]`.
///   - shift: `[C]`.
///   - epsilon: Added to the variance.
///   - residual: Of the shape of `x`; added before the activation.
///   - activation: What is made of the sum.
///   - runningStatistics: Those to normalise by; `nil` for the batch's own.
///   - onStatistics: Is given the batch's own.
/// - Returns: `[N, C, H, W]`.
///
/// In a pass that only asks, a convolution in front is computed with the norm in its weights, where those are finite. Its
/// ReLU is then oneDNN's at times, which makes 0 of a NaN that comes of the pixels.
///
/// Source: Ioffe and Szegedy 2015, algorithms 1 and 2. Equal to PyTorch's `batch_norm`, sum and ReLU up to 1e-5 of the
/// maximum in `f32` (batch_norm.json).
package func batchNorm(
    _ x: Variable, scale: Variable, shift: Variable, epsilon: Double, adding residual: Variable? = nil,
    activation: NormActivation = .none, runningStatistics: ChannelStatistics? = nil,
    onStatistics: (ChannelStatistics) -> Void = { _ in }
) -> Variable {
    if runningStatistics == nil, x.shape.count == 4, x.shape[0] * x.shape[2] * x.shape[3] == 1 {
        shapeMistake("batch norm in training", x.shape, "more than one value per channel")
    }
    let operands = [x, scale, shift] + (residual.map { [$0] } ?? [])
    return x.pass.arithmetic("batch norm", on: operands, isLikeFirst: true, native: [.bf16]) { inputs in
        if let running = runningStatistics, x.pass.isAsking, let convolution = inputs[0].pending {
            let norm = ChannelNorm(
                running, scale: inputs[1].tensor, shift: inputs[2].tensor, epsilon: epsilon)
            let added = inputs.dropFirst(3).first?.tensor.cast(to: convolution.dtype)
            if let output = convolution.normalised(norm, adding: added, isRectified: activation == .relu) {
                return x.pass.input(output)
            }
        }
        let source = inputs[0].tensor
        // In two bytes scale and shift come as they are, and a residual may still be f32.
        let inputs = inputs.prefix(3) + inputs.dropFirst(3).map { $0.cast(to: source.dtype) }
        let (output, trace) = source.batchNormalised(
            by: runningStatistics, scale: inputs[1].tensor, shift: inputs[2].tensor,
            residual: inputs.count > 3 ? inputs[3].tensor : nil,
            options: BatchNormOptions(epsilon: epsilon, hasReLU: activation == .relu))
        if runningStatistics == nil { onStatistics(trace.statistics) }
        let (hasResidual, wantsResidual) = (inputs.count > 3, inputs.count > 3 && inputs[3].needsGradient)
        return x.pass.recordAdding(output, from: Array(inputs)) { upstream, other in
            let gradients = upstream.batchNormGradients(trace, adding: other, wantsResidual: wantsResidual)
            let channels = [gradients.source, gradients.scale, gradients.shift]
            return hasResidual ? channels + [gradients.residual] : channels
        }
    }
}
