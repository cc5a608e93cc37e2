import AviaryKernels

/// What attention does beside its products.
package struct AttentionOptions: Sendable {
    /// Which pairs of query and key take part; broadcast to `[B, H, Q, K]`.
    package var mask: Tensor?
    /// Query `i` sees keys up to `i`.
    package var isCausal: Bool
    /// What the scores are multiplied by.
    package var scale: Double
    /// Of the probabilities.
    package var dropout: DropoutRule?

    package init(
        mask: Tensor? = nil, isCausal: Bool = false, scale: Double, dropout: DropoutRule? = nil
    ) {
        self.mask = mask
        self.isCausal = isCausal
        self.scale = scale
        self.dropout = dropout
    }
}

/// An attention's result, and what its way back needs beside the inputs.
package struct AttentionOutcome: Sendable {
    /// `[B, H, Q, E]`, of which heads and rows lie in the order of the query's.
    package let output: Tensor
    /// `[2, B, H, Q]`: each row's greatest score, and 1 / the sum of its powers.
    package let normalizers: Tensor
}

extension Tensor {
    /// Attention of this query `[B, H, Q, D]` over `key` `[B, H, K, D]` and `value` `[B, H, K, E]`, wherever their rows
    /// lie.
    package func attention(key: Tensor, value: Tensor, _ options: AttentionOptions) -> AttentionOutcome {
        attentionCall(self, key, value, options).forward()
    }

    /// The gradients by this query, by the key and by the value; `nil` where not needed.
    package func attentionGradients(
        key: Tensor, value: Tensor, _ options: AttentionOptions, _ outcome: AttentionOutcome,
        upstream: Tensor, needs: [Bool]
    ) -> [Tensor?] {
        let gradients = zip([self, key, value], needs).map { operand, isNeeded in
            isNeeded ? operand.emptyHeads(width: operand.shape[3]) : nil
        }
        attentionCall(self, key, value, options).backward(outcome, upstream: upstream, into: gradients)
        return gradients
    }

    /// Attention in `heads` heads of what one product gave, `[B, L, 3 · H · D]`: queries, keys and values side by side,
    /// and in each of them the heads.
    ///
    /// - Returns: An outcome of `[B, H, L, D]`, whose rows lie as `[B, L, H · D]`.
    package func selfAttention(heads: Int, _ options: AttentionOptions) -> AttentionOutcome {
        let parts = headParts(heads)
        return parts[0].attention(key: parts[1], value: parts[2], options)
    }

    /// The gradient by those three, in one tensor like them; `upstream` is `[B, H, L, D]`.
    package func selfAttentionGradient(
        heads: Int, _ options: AttentionOptions, _ outcome: AttentionOutcome, upstream: Tensor
    ) -> Tensor {
        let gradient = Tensor.unwritten(shape, dtype: dtype)
        let parts = headParts(heads)
        attentionCall(parts[0], parts[1], parts[2], options)
            .backward(outcome, upstream: upstream, into: gradient.headParts(heads))
        return gradient
    }

    /// `[B, L, 3 · H · D]` as views of queries, keys and values `[B, H, L, D]`.
    private func headParts(_ heads: Int) -> [Tensor] {
        let (batch, length, depth) = (shape[0], shape[1], shape[2] / 3 / heads)
        let parts = reshaped([batch, length, 3, heads, depth]).permuted([2, 0, 3, 1, 4])  // [3, B, H, L, D]
        let (source, placement) = parts.located
        return (0..<3).map { part in
            source.view(
                [batch, heads, length, depth],
                at: Placement(
                    start: placement.start + part * placement.steps[0], steps: Array(placement.steps[1...])))
        }
    }

    /// This attention mask without the keys that `keys` `[B, K]` takes out: 0 or minus infinity there.
    ///
    /// - Returns: `[B, H or 1, Q, K]`, of this mask's kind.
    package func attentionMask(restrictedTo keys: Tensor) -> Tensor {
        guard keys.shape.count == 2, keys.dtype.isMask, (2...4).contains(shape.count) else {
            shapeMistake("attention mask with a mask of keys", shape, keys.shape)
        }
        let own = [Int](repeating: 1, count: 4 - shape.count) + shape
        let other = [keys.shape[0], 1, 1, keys.shape[1]]
        guard let whole = broadcastShape(own, other) else {
            shapeMistake("attention mask with a mask of keys", shape, keys.shape)
        }
        func restrict<T: TensorElement>(_ type: T.Type, _ takenOut: T) -> Tensor {
            let (numbers, taken) = (values(as: T.self), keys.cast(to: .bool).values(as: Bool.self))
            var result: [T] = []
            eachIndex(of: whole, own, other) { result.append(taken[$1] ? numbers[$0] : takenOut) }
            return Tensor(result, shape: whole)
        }
        switch dtype {
        case .bool: return restrict(Bool.self, false)
        case .uint8: return restrict(UInt8.self, 0)
        case .f32: return restrict(Float.self, -.infinity)
        case .f64: return restrict(Double.self, -.infinity)
        case .bf16, .f16: return widened.attentionMask(restrictedTo: keys)
        default: dtypeMistake("attention's mask", dtype, supported: [.bool, .uint8] + DType.reals)
        }
    }
}
