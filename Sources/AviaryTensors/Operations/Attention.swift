import AviaryKernels

/// What attention does beside its products.
package struct AttentionOptions: Sendable {
    /// Which pairs of query and key take part; broadcast to `[B, H, Q, K]`.
    package var mask: Tensor?
    /// Query `i` sees keys up to `i`.
    package var isCausal: Bool
    /// What the scores are multiplied by.
    package var scale: Double
    /// How likely a probability is dropped, and where the random numbers come from.
    package var dropout: (probability: Double, stream: RandomStream)?

    package init(
        mask: Tensor? = nil, isCausal: Bool = false, scale: Double,
        dropout: (probability: Double, stream: RandomStream)? = nil
    ) {
        self.mask = mask
        self.isCausal = isCausal
        self.scale = scale
        self.dropout = dropout
    }
}

/// An attention's result, and what its way back needs beside the inputs.
package struct AttentionOutcome: Sendable {
    /// `[B, H, Q, E]`.
    package let output: Tensor
    /// `[B, H, Q]`: the logarithm of each row's sum of powers.
    package let logSums: Tensor
}

extension Tensor {
    /// Attention of this query `[B, H, Q, D]` over `key` `[B, H, K, D]` and `value` `[B, H, K, E]`.
    package func attention(key: Tensor, value: Tensor, _ options: AttentionOptions) -> AttentionOutcome {
        if dtype == .f64 {
            return AttentionCall<Double>(self, key, value, options).forward(PlainAttention.forward)
        }
        return AttentionCall<Float>(self, key, value, options).forward(FastAttention.forward)
    }

    /// The gradients by this query, by the key and by the value; `nil` where not needed.
    package func attentionGradients(
        key: Tensor, value: Tensor, _ options: AttentionOptions, _ outcome: AttentionOutcome,
        upstream: Tensor, needs: [Bool]
    ) -> [Tensor?] {
        if dtype == .f64 {
            return AttentionCall<Double>(self, key, value, options)
                .backward(outcome, upstream, needs, PlainAttention.backward)
        }
        return AttentionCall<Float>(self, key, value, options)
            .backward(outcome, upstream, needs, FastAttention.backward)
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

/// One attention: its operands, checked, row-major and of one kind.
private struct AttentionCall<T: TensorElement & BinaryFloatingPoint> {
    private let name = "attention"
    let shape: AttentionShape
    let rule: AttentionRule
    let query: Tensor
    let key: Tensor
    let value: Tensor
    /// A view `[B, H, Q, K]`.
    let mask: Tensor?

    init(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ options: AttentionOptions) {
        for operand in [query, key, value] where operand.shape.count != 4 {
            shapeMistake(name, operand.shape, "[batch, heads, length, depth]")
        }
        let (q, k, v) = (query.shape, key.shape, value.shape)
        guard q[0] == k[0], q[1] == k[1], q[3] == k[3], q[3] > 0 else {
            shapeMistake("\(name)'s query and key", q, k)
        }
        guard k[0] == v[0], k[1] == v[1], k[2] == v[2] else { shapeMistake("\(name)'s key and value", k, v) }
        for operand in [query, key, value] where operand.dtype != T.dtype {
            dtypeMistake("\(name) with \(T.dtype)", operand.dtype, supported: [T.dtype])
        }
        shape = AttentionShape(
            batch: q[0], heads: q[1], queries: q[2], keys: k[2], depth: q[3], width: v[3])
        (self.query, self.key, self.value) = (query.plain, key.plain, value.plain)
        mask = options.mask.map { Self.laidOut($0, [q[0], q[1], q[2], k[2]]) }
        let dropout = options.dropout.map {
            AttentionDropout(
                key: $0.stream.origin.key, counter: $0.stream.origin.counter, probability: $0.probability)
        }
        if dropout != nil, shape.headCount * shape.queries * ((shape.keys + 3) / 4) > 1 << 32 {
            shapeMistake("\(name)'s dropout", q, "2^34 probabilities at most")
        }
        rule = AttentionRule(scale: options.scale, isCausal: options.isCausal, dropout: dropout)
    }

    private static func laidOut(_ mask: Tensor, _ scores: [Int]) -> Tensor {
        guard mask.dtype.isMask || mask.dtype.isReal else {
            dtypeMistake("attention's mask", mask.dtype, supported: [.bool, .uint8] + DType.reals)
        }
        guard mask.shape.count <= 4, broadcastShape(mask.shape, scores) == scores else {
            shapeMistake("attention's mask", mask.shape, scores)
        }
        return (mask.dtype.isMask ? mask : mask.cast(to: T.dtype)).broadcast(to: scores)
    }

    func forward(
        _ kernel: (
            AttentionShape, AttentionRule, AttentionInputs<T>, UnsafeMutablePointer<T>,
            UnsafeMutablePointer<T>
        ) -> Void
    ) -> AttentionOutcome {
        let rows = [shape.batch, shape.heads, shape.queries]
        let sums = Storage(byteCount: rows.product * T.dtype.byteCount)
        let output = Tensor(shape: rows + [shape.width], of: T.self) { output in
            withInputs {
                kernel(
                    shape, rule, $0, output, sums.bytes.bindMemory(to: T.self, capacity: rows.product))
            }
        }
        let logSums = Tensor(shape: rows, dtype: T.dtype, layout: .plain, storage: sums)
        return AttentionOutcome(output: output, logSums: logSums)
    }

    func backward(
        _ outcome: AttentionOutcome, _ upstream: Tensor, _ needs: [Bool],
        _ kernel: (
            AttentionShape, AttentionRule, AttentionInputs<T>, AttentionResult<T>, UnsafePointer<T>,
            AttentionGradients<T>
        ) -> Void
    ) -> [Tensor?] {
        guard upstream.shape == outcome.output.shape else {
            shapeMistake(name, outcome.output.shape, upstream.shape)
        }
        let gradients = zip([query, key, value], needs).map { operand, isNeeded in
            isNeeded
                ? Tensor(
                    shape: operand.shape, dtype: T.dtype, layout: .plain,
                    storage: Storage(byteCount: operand.count * T.dtype.byteCount)) : nil
        }
        // The one who made a storage writes it before anybody sees it.
        let places = gradients.map { gradient in
            gradient.map { $0.storage.bytes.bindMemory(to: T.self, capacity: $0.count) }
        }
        withInputs { inputs in
            outcome.output.read(T.self) { output in
                outcome.logSums.read(T.self) { logSums in
                    upstream.plain.read(T.self) {
                        kernel(
                            shape, rule, inputs, AttentionResult(output: output, logSums: logSums), $0,
                            AttentionGradients(query: places[0], key: places[1], value: places[2]))
                    }
                }
            }
        }
        return gradients
    }

    private func withInputs(_ body: (AttentionInputs<T>) -> Void) {
        query.read(T.self) { q in
            key.read(T.self) { k in
                value.read(T.self) { v in
                    withMask { body(AttentionInputs(query: q, key: k, value: v, mask: $0)) }
                }
            }
        }
    }

    /// Lends the mask where it lies: a broadcast one is never written out.
    private func withMask(_ body: (AttentionMask<T>?) -> Void) {
        guard let (mask, placement) = mask?.located else { return body(nil) }
        withExtendedLifetime(mask.storage) {
            let first = mask.storage.bytes + placement.start * mask.dtype.byteCount
            let elements: AttentionMask<T>.Elements =
                mask.dtype.isMask
                ? .takingPart(UnsafePointer(first.assumingMemoryBound(to: UInt8.self)))
                : .added(UnsafePointer(first.assumingMemoryBound(to: T.self)))
            body(AttentionMask(elements, steps: placement.steps))
        }
    }
}
