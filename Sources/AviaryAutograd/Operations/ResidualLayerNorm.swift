import AviaryTensors

/// The layer norm of a residual sum: `layerNorm(residual + dropout(x))`, in one walk over memory each way.
///
/// What stands in a transformer behind attention and behind the feed-forward network. The mask of dropout is the one
/// that `dropout` would draw as the pass's next; it is not kept, but drawn again on the way back. That keeps the sum and
/// two numbers a row.
///
/// Computed in `f32`. Sum and output are of the wider kind of `x` and `residual`, also under autocast, which names no
/// layer norm: where a product has given `x` in two bytes, a stream of `f32` stays one.
///
/// - Parameters:
///   - x: `[…, D]`, what a layer made of the stream.
///   - residual: The stream, of the same shape.
///   - dropout: How likely an element of `x` is dropped in training, in `0...1`.
///   - weight: `[D]`; `nil` for a scale of 1.
///   - bias: `[D]`; `nil` for a shift of 0.
///   - epsilon: Added to the variance.
/// - Returns: The shape of `x`.
///
/// Source: Vaswani et al. 2017, section 5.4; Ba et al. 2016, equation 3.
public func residualLayerNorm(
    _ x: Variable, residual: Variable, dropout: Double = 0, weight: Variable? = nil, bias: Variable? = nil,
    epsilon: Double = 1e-5
) -> Variable {
    residualNorm(x, residual, dropout, weight, bias, epsilon, onSum: nil)
}

/// The same, and the sum itself: `s = residual + dropout(x)` and `layerNorm(s)`, for a stream that is normalised only on
/// its way into the next layer.
///
/// - Parameters:
///   - x: `[…, D]`, what a layer made of the stream.
///   - residual: The stream, of the same shape.
///   - dropout: How likely an element of `x` is dropped in training, in `0...1`.
///   - weight: `[D]`; `nil` for a scale of 1.
///   - bias: `[D]`; `nil` for a shift of 0.
///   - epsilon: Added to the variance.
/// - Returns: The sum and its layer norm, each of the shape of `x` and of the wider kind of `x` and `residual`.
///
/// Source: Xiong et al. 2020 (the norm first); see `residualLayerNorm`.
public func residualSumAndLayerNorm(
    _ x: Variable, residual: Variable, dropout: Double = 0, weight: Variable? = nil, bias: Variable? = nil,
    epsilon: Double = 1e-5
) -> (sum: Variable, normalised: Variable) {
    var sum: Variable?
    let normalised = residualNorm(x, residual, dropout, weight, bias, epsilon) { sum = $0 }
    guard let sum else { fatalError("layer norm: gave no sum") }
    // Of f16 the operation works on f32, and the seam around it brings back only what it returns.
    return (sum.cast(to: normalised.tensor.dtype), normalised)
}

private func residualNorm(
    _ x: Variable, _ residual: Variable, _ dropout: Double, _ weight: Variable?, _ bias: Variable?,
    _ epsilon: Double, onSum: ((Variable) -> Void)?
) -> Variable {
    guard x.shape == residual.shape else { shapeMistake("layer norm's residual", x.shape, residual.shape) }
    // Before the two are made alike, which would turn whole numbers into reals.
    x.dtype.require(DType.reals, "layer norm")
    residual.dtype.require(DType.reals, "layer norm's residual")
    requireLayerNormParameters(x, weight, bias)
    let pass = x.pass
    let options = LayerNormOptions(
        epsilon: epsilon, dropout: pass.dropoutRule(dropout, for: "layer norm's dropout"))
    let (x, residual) = alike(x, residual)
    let given = [x, residual, weight, bias].compactMap { $0 }
    // f32 is native too: beside it, the other may be of two bytes.
    return pass.arithmetic("layer norm", on: given, isLikeFirst: true, native: [.f32, .bf16]) { operands in
        let (x, residual) = (operands[0], operands[1])
        let parameters = LayerNormParameters(
            weight == nil ? nil : operands[2], bias == nil ? nil : operands.last, beside: x)
        let inputs = [x, residual] + parameters.variables
        let kinds = (source: x.tensor.dtype, residual: Optional(residual.tensor.dtype))
        let needs = (source: x.needsGradient, residual: residual.needsGradient)
        let outcome = x.tensor.layerNorm(
            residual: residual.tensor, weight: parameters.weight, bias: parameters.bias, options,
            keepsSum: onSum != nil || inputs.contains(where: \.needsGradient))
        let constants = parameters.constants
        func back(_ upstream: [Tensor], _ ofSum: [Tensor]) -> [Tensor?] {
            let gradients = outcome.gradients(
                kinds, weight: constants.weight, options, upstream: upstream,
                sumUpstream: ofSum.count < 2 ? ofSum.first : ofSum[0].adding(ofSum[1]), needs: needs)
            return [gradients.source, gradients.residual] + constants.gradients(gradients)
        }
        guard let onSum, let sum = outcome.normalised else {
            return pass.recordAdding(outcome.output, from: inputs) { upstream, other in
                back([upstream, other].compactMap { $0 }, [])
            }
        }
        let (first, second) = pass.recordPair((sum, outcome.output), from: inputs) { back($1, $0) }
        onSum(first)
        return second
    }
}

/// Both as they are where the loops take them so, else in the wider kind.
private func alike(_ x: Variable, _ residual: Variable) -> (Variable, Variable) {
    let kinds: Set = [x.tensor.dtype, residual.tensor.dtype]
    guard kinds.count == 2, kinds != [.f32, .bf16] else { return (x, residual) }
    let wider = DType.promoted(x.tensor.dtype, residual.tensor.dtype)
    return (x.cast(to: wider), residual.cast(to: wider))
}
