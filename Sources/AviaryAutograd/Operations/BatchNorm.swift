package import AviaryTensors

/// Normalises each channel of `[N, C, H, W]` over batch and plane, then scales and shifts it.
///
/// Training uses the batch's mean and biased variance and gives them to `onStatistics`, for a layer to fold into
/// its running ones; with `runningStatistics` those are used and are constants.
///
/// Source: Ioffe and Szegedy 2015, algorithms 1 and 2.
package func batchNorm(
    _ x: Variable, scale: Variable, shift: Variable, epsilon: Double,
    runningStatistics: ChannelStatistics? = nil, onStatistics: (ChannelStatistics) -> Void = { _ in }
) -> Variable {
    x.pass.arithmetic("batch norm", on: [x, scale, shift], isLikeFirst: true) { inputs in
        let (source, scaleTensor, shiftTensor) = (inputs[0].tensor, inputs[1].tensor, inputs[2].tensor)
        let statistics =
            runningStatistics.map { $0.cast(to: source.dtype) } ?? source.channelStatistics()
        let output = source.normalised(
            by: statistics, scale: scaleTensor, shift: shiftTensor, epsilon: epsilon)
        if runningStatistics == nil { onStatistics(statistics) }
        let isConstant = runningStatistics != nil
        return x.pass.record(output, from: inputs) { upstream in
            let gradients = source.batchNormGradients(
                statistics, scale: scaleTensor, epsilon: epsilon, upstream: upstream,
                constantStatistics: isConstant)
            return [gradients.source, gradients.scale, gradients.shift]
        }
    }
}
