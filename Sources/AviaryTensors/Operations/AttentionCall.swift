package import AviaryKernels

extension BFloat16: AttentionElement, StoredReal {
    package typealias Real = Float
    package static var kind: RealKind { .bf16 }
}

/// The attention of operands that fit each other; stops the program where they do not.
func attentionCall(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ options: AttentionOptions
) -> any AttentionCalling {
    switch query.dtype {
    case .f64: AttentionCall<Double>(query, key, value, options, .plain)
    case .bf16: AttentionCall<BFloat16>(query, key, value, options, .fast)
    case .f32: AttentionCall<Float>(query, key, value, options, .fast)
    default: dtypeMistake("attention's query", query.dtype, supported: [.f32, .f64, .bf16])
    }
}

/// An attention of any kind of element.
protocol AttentionCalling {
    func forward() -> AttentionOutcome
    /// Writes the gradients by query, key and value into tensors that nobody else has seen yet; `nil` where not needed.
    func backward(_ outcome: AttentionOutcome, upstream: Tensor, into gradients: [Tensor?])
}

/// The kernels for one kind of element.
private struct AttentionKernels<T: AttentionElement> {
    let forward:
        (
            AttentionShape, AttentionRule, AttentionInputs<T>, HeadRows<T>, AttentionNormalizers<T.Real>
        ) -> Void
    let backward:
        (
            AttentionShape, AttentionRule, AttentionInputs<T>, AttentionResult<T>, HeadRows<T>,
            AttentionGradients<T>
        ) -> Void
}

extension AttentionKernels where T: StoredReal, T.Real == Float {
    static var fast: Self {
        Self(
            forward: { FastAttention.forward($0, $1, $2, output: $3, normalizers: $4) },
            backward: { FastAttention.backward($0, $1, $2, $3, outputGradient: $4, gradients: $5) })
    }
}

extension AttentionKernels where T == Double {
    static var plain: Self {
        Self(
            forward: { PlainAttention.forward($0, $1, $2, output: $3, normalizers: $4) },
            backward: { PlainAttention.backward($0, $1, $2, $3, outputGradient: $4, gradients: $5) })
    }
}

/// One attention: its operands, checked, of one kind, with rows that have no gaps.
private struct AttentionCall<T: TensorElement & AttentionElement>: AttentionCalling
where T.Real: TensorElement {
    private let name = "attention"
    let shape: AttentionShape
    let rule: AttentionRule
    let query: Tensor
    let key: Tensor
    let value: Tensor
    /// A view `[B, H, Q, K]`.
    let mask: Tensor?
    let kernels: AttentionKernels<T>

    init(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ options: AttentionOptions,
        _ kernels: AttentionKernels<T>
    ) {
        for operand in [query, key, value] where operand.shape.count != 4 {
            shapeMistake(name, operand.shape, "[batch, heads, length, depth]")
        }
        let (q, k, v) = (query.shape, key.shape, value.shape)
        guard q[0] == k[0], q[1] == k[1], q[3] == k[3], q[3] > 0 else {
            shapeMistake("\(name)'s query and key", q, k)
        }
        guard k[0] == v[0], k[1] == v[1], k[2] == v[2] else { shapeMistake("\(name)'s key and value", k, v) }
        for (role, operand) in [("key", key), ("value", value)] where operand.dtype != T.dtype {
            dtypeMistake(
                "\(name)'s \(role) beside a query of \(T.dtype)", operand.dtype, supported: [T.dtype])
        }
        shape = AttentionShape(
            batch: q[0], heads: q[1], queries: q[2], keys: k[2], depth: q[3], width: v[3])
        (self.query, self.key, self.value) = (query.denseRows, key.denseRows, value.denseRows)
        mask = options.mask.map { Self.laidOut($0, [q[0], q[1], q[2], k[2]]) }
        rule = AttentionRule(
            scale: options.scale, isCausal: options.isCausal,
            dropout: options.dropout?.attentionDropout(
                rows: shape.headCount * shape.queries, keys: shape.keys))
        self.kernels = kernels
    }

    private static func laidOut(_ mask: Tensor, _ scores: [Int]) -> Tensor {
        guard mask.dtype.isMask || mask.dtype.isReal else {
            dtypeMistake("attention's mask", mask.dtype, supported: [.bool, .uint8] + DType.reals)
        }
        guard mask.shape.count <= 4, broadcastShape(mask.shape, scores) == scores else {
            shapeMistake("attention's mask", mask.shape, scores)
        }
        return (mask.dtype.isMask ? mask : mask.cast(to: T.Real.dtype)).broadcast(to: scores)
    }

    func forward() -> AttentionOutcome {
        let output = query.emptyHeads(width: shape.width)
        let normalizers = Tensor.unwritten([2, shape.batch, shape.heads, shape.queries], dtype: T.Real.dtype)
        withExtendedLifetime((output, normalizers)) {
            withInputs { kernels.forward(shape, rule, $0, output.headRows(), normalizers.normalizers()) }
        }
        return AttentionOutcome(output: output, normalizers: normalizers)
    }

    func backward(_ outcome: AttentionOutcome, upstream: Tensor, into gradients: [Tensor?]) {
        guard upstream.shape == outcome.output.shape else {
            shapeMistake(name, outcome.output.shape, upstream.shape)
        }
        let upstream = upstream.denseRows
        withExtendedLifetime((outcome, upstream, gradients)) {
            let result = AttentionResult<T>(
                output: outcome.output.headRows(), normalizers: outcome.normalizers.normalizers())
            let places = AttentionGradients<T>(
                query: gradients[0]?.headRows(), key: gradients[1]?.headRows(),
                value: gradients[2]?.headRows())
            withInputs { kernels.backward(shape, rule, $0, result, upstream.headRows(), places) }
        }
    }

    private func withInputs(_ body: (AttentionInputs<T>) -> Void) {
        withExtendedLifetime((query, key, value)) {
            withMask {
                body(
                    AttentionInputs(
                        query: query.headRows(), key: key.headRows(), value: value.headRows(), mask: $0))
            }
        }
    }

    /// Lends the mask where it lies: a broadcast one is never written out.
    private func withMask(_ body: (AttentionMask<T.Real>?) -> Void) {
        guard let (mask, placement) = mask?.located else { return body(nil) }
        withExtendedLifetime(mask.storage) {
            let first = mask.storage.bytes + placement.start * mask.dtype.byteCount
            let elements: AttentionMask<T.Real>.Elements =
                mask.dtype.isMask
                ? .takingPart(UnsafePointer(first.assumingMemoryBound(to: UInt8.self)))
                : .added(UnsafePointer(first.assumingMemoryBound(to: T.Real.self)))
            body(AttentionMask(elements, steps: placement.steps))
        }
    }
}

// MARK: Heads where they lie

extension Tensor {
    /// Unwritten heads `[B, H, L, width]` in the order in which these `[B, H, L, D]` lie: heads of one row side by side,
    /// as a product gives them and the next one takes them, or one after the other.
    func emptyHeads(width: Int) -> Tensor {
        let steps = located.placement.steps
        let (batch, heads, length) = (shape[0], shape[1], shape[2])
        guard steps[1] < steps[2] else {
            return .unwritten([batch, heads, length, width], dtype: dtype)
        }
        return Tensor.unwritten([batch, length, heads, width], dtype: dtype).permuted([0, 2, 1, 3])
    }

    /// The tensor with elements of the last axis side by side; itself where they are.
    fileprivate var denseRows: Tensor {
        let (tensor, placement) = located
        return shape.last == 1 || placement.steps.last == 1 ? tensor : tensor.plain
    }

    /// Where heads `[B, H, L, D]` with dense rows lie; the tensor has to live as long as this is used.
    fileprivate func headRows<T: TensorElement>() -> HeadRows<T> {
        let placement = located.placement
        let first = storage.bytes + placement.start * dtype.byteCount
        let steps = (batch: placement.steps[0], head: placement.steps[1], row: placement.steps[2])
        return HeadRows(first.assumingMemoryBound(to: T.self), steps: steps)
    }

    /// Where these normalizers `[2, B, H, Q]` lie; the tensor has to live as long as this is used.
    fileprivate func normalizers<Real: BinaryFloatingPoint>() -> AttentionNormalizers<Real> {
        let first = storage.bytes.assumingMemoryBound(to: Real.self)
        return AttentionNormalizers(greatest: first, inverses: first + count / 2)
    }
}
