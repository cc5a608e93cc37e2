public import AviaryTensors

/// Mixes the values of all positions, weighted by how well their keys fit the query: `softmax(Q Kᵀ · scale + mask) V`.
///
/// A query that no key takes part for has an output of 0 and a gradient of 0. The scores of all heads are never held:
/// backward keeps the inputs, the output and two numbers a query, and computes the probabilities again block by block,
/// with the same dropout, whose random numbers are a function of the place. Operands are read where they lie, and output
/// and gradients lie as they do: views whose rows have no gaps, as of `[B, Q, H, D]`, cost no copy. bf16 is multiplied as
/// it is, with sums in f32; where the processor multiplies pairs of bf16 faster, probabilities are rounded to bf16 too.
///
/// - Parameters:
///   - query: `[B, H, Q, D]`.
///   - key: `[B, H, K, D]`.
///   - value: `[B, H, K, E]`.
///   - mask: Broadcasts to `[B, H, Q, K]`: `bool` or `uint8`, where what is not 0 takes part, or reals that are added
///     to the scores. It has no gradient.
///   - isCausal: Query `i` sees keys `0...i`, whatever the mask says of others.
///   - scale: What scores are multiplied by; `nil` for `1 / √D`.
///   - dropout: How likely a probability is dropped in training, in `0...1`.
/// - Returns: `[B, H, Q, E]`.
///
/// Source: Vaswani et al. 2017, equation 1; as PyTorch's `scaled_dot_product_attention`, which since 2.5 gives 0 for a
/// query without a key too. It refuses a mask beside `is_causal`; here both hold.
public func scaledDotProductAttention(
    _ query: Variable, _ key: Variable, _ value: Variable, mask: Tensor? = nil, isCausal: Bool = false,
    scale: Double? = nil, dropout: Double = 0
) -> Variable {
    for (role, operand) in [("query", query), ("key", key), ("value", value)] {
        operand.dtype.require(DType.reals, "attention's \(role)")
    }
    guard let depth = query.shape.last, depth > 0 else {
        shapeMistake("attention", query.shape, "[batch, heads, length, depth]")
    }
    let options = query.pass.attentionOptions(
        mask: mask, isCausal: isCausal, scale: scale, depth: depth, dropout: dropout)
    return query.pass.arithmetic("attention", on: [query, key, value], native: [.bf16]) { inputs in
        let (q, k, v) = (inputs[0].tensor, inputs[1].tensor, inputs[2].tensor)
        let needs = inputs.map(\.needsGradient)
        let outcome = q.attention(key: k, value: v, options)
        // Scores and mixed values, with what a mask hides.
        let multiplyAdds = (q.count + outcome.output.count) * k.shape[2]
        return inputs[0].pass.record(outcome.output, from: inputs, multiplyAdds: multiplyAdds) { upstream in
            q.attentionGradients(key: k, value: v, options, outcome, upstream: upstream, needs: needs)
        }
    }
}

extension Pass {
    /// What attention does beside its products, with this pass's mode and random numbers.
    func attentionOptions(
        mask: Tensor?, isCausal: Bool, scale: Double?, depth: Int, dropout: Double
    ) -> AttentionOptions {
        AttentionOptions(
            mask: mask, isCausal: isCausal, scale: scale ?? 1 / Double(depth).squareRoot(),
            dropout: dropoutRule(dropout, for: "attention's dropout", stream: "attention dropout"))
    }
}
