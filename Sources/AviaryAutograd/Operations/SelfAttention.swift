public import AviaryTensors

/// Attention of positions over each other in several heads, whose queries, keys and values are one product's output.
///
/// It equals `scaledDotProductAttention` of its parts, without a copy of them: heads are read and written where they
/// lie, and the gradient is one tensor as well.
///
/// - Parameters:
///   - projected: `[B, L, 3 · H · D]`: along the last axis queries, keys and values, and in each of these the heads.
///   - heads: How many they are, `H`.
///   - mask: Broadcasts to `[B, H, L, L]`, as that of `scaledDotProductAttention`.
///   - isCausal: Position `i` sees positions `0...i`, whatever the mask says of others.
///   - scale: What scores are multiplied by; `nil` for `1 / √D`.
///   - dropout: How likely a probability is dropped in training, in `0...1`.
/// - Returns: `[B, L, H · D]`.
///
/// Source: Vaswani et al. 2017, section 3.2.2; the order of the parts is that of PyTorch's `in_proj_weight`.
public func selfAttention(
    projected: Variable, heads: Int, mask: Tensor? = nil, isCausal: Bool = false, scale: Double? = nil,
    dropout: Double = 0
) -> Variable {
    guard projected.shape.count == 3, heads > 0, projected.shape[2] > 0,
        projected.shape[2].isMultiple(of: 3 * heads)
    else {
        shapeMistake(
            "self-attention in \(heads) heads", projected.shape, "[batch, length, 3 * heads * depth]")
    }
    let (batch, length, width) = (projected.shape[0], projected.shape[1], projected.shape[2] / 3)
    let options = projected.pass.attentionOptions(
        mask: mask, isCausal: isCausal, scale: scale, depth: width / heads, dropout: dropout)
    return projected.pass.arithmetic("attention", on: [projected], native: [.bf16]) { inputs in
        let x = inputs[0].tensor
        let outcome = x.selfAttention(heads: heads, options)
        let output = outcome.output.permuted([0, 2, 1, 3]).reshaped([batch, length, width])
        let multiplyAdds = 2 * output.count * length
        return inputs[0].pass.record(output, from: inputs, multiplyAdds: multiplyAdds) { upstream in
            let upstream = upstream.reshaped([batch, length, heads, width / heads]).permuted([0, 2, 1, 3])
            return [x.selfAttentionGradient(heads: heads, options, outcome, upstream: upstream)]
        }
    }
}
