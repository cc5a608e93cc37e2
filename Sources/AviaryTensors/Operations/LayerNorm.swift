import AviaryKernels

/// What a layer norm does beside scaling and shifting.
package struct LayerNormOptions: Sendable {
    /// Added to the variance.
    package var epsilon: Double
    /// Of the source, before it is added to the residual.
    package var dropout: DropoutRule?

    package init(epsilon: Double, dropout: DropoutRule? = nil) {
        self.epsilon = epsilon
        self.dropout = dropout
    }
}

/// A layer norm's results, and what its way back needs.
package struct LayerNormOutcome: Sendable {
    package let output: Tensor
    /// What was normalised: the sum, or the source where there is no residual.
    ///
    /// Where neither the way back nor the caller wants the sum, it was not kept.
    package let normalised: Tensor?
    /// Of each row, `[rows]`.
    package let means: Tensor
    /// One divided by each row's deviation, `[rows]`.
    package let inverses: Tensor
}

/// The gradients of a layer norm, where they are needed.
package struct LayerNormTensorGradients: Sendable {
    package let source: Tensor?
    package let residual: Tensor?
    package let weight: Tensor
    package let bias: Tensor
}

extension Tensor {
    /// The layer norm along the last axis of `residual + dropout(self)`, or of this tensor alone.
    ///
    /// This tensor and the residual may be f32 or bf16, each for itself, beside a scale and a shift in f32; or all are
    /// f64. The sum and the output are of the wider kind of the two.
    package func layerNorm(
        residual: Tensor? = nil, weight: Tensor?, bias: Tensor?, _ options: LayerNormOptions,
        keepsSum: Bool = true
    ) -> LayerNormOutcome {
        let call = LayerNormCall(self, residual, [weight, bias], options)
        let output = Tensor.unwritten(shape, dtype: call.dtype)
        let means = Tensor.unwritten([call.rule.rows], dtype: call.statistics)
        let inverses = Tensor.unwritten([call.rule.rows], dtype: call.statistics)
        let sum = residual != nil && keepsSum ? Tensor.unwritten(shape, dtype: call.dtype) : nil
        let results = LayerNormResults(
            sum: sum?.storage.bytes, output: output.storage.bytes, means: means.storage.bytes,
            inverses: inverses.storage.bytes)
        withBytes(of: [self, residual, weight, bias]) { bytes in
            guard let source = bytes[0] else { return }
            let operands = LayerNormOperands(
                source: source, residual: bytes[1], weight: bytes[2], bias: bytes[3])
            if let kinds = call.kinds {
                FastLayerNorm.forward(call.rule, kinds, operands, results)
            } else {
                PlainLayerNorm.forward(call.rule, of: Double.self, operands, results)
            }
        }
        return LayerNormOutcome(
            output: output, normalised: residual == nil ? self : sum, means: means, inverses: inverses)
    }
}

extension LayerNormOutcome {
    /// The gradients by the source, the residual, the scale and the shift.
    ///
    /// - Parameters:
    ///   - kinds: Those of source and residual, `nil` without one.
    ///   - weight: The scale.
    ///   - options: Those of the way forward.
    ///   - upstream: The gradient of the output, in one part or in two that are still to be added up.
    ///   - sumUpstream: The gradient of the sum.
    ///   - needs: Whether the gradients by source and residual are wanted.
    /// - Returns: Each in its operand's kind.
    package func gradients(
        _ kinds: (source: DType, residual: DType?), weight: Tensor?, _ options: LayerNormOptions,
        upstream: [Tensor], sumUpstream: Tensor? = nil, needs: (source: Bool, residual: Bool)
    ) -> LayerNormTensorGradients {
        guard let normalised else { fatalError("layer norm: the way back was not asked for") }
        let call = LayerNormCall(shape: output.shape, kinds, options)
        // Without dropout the two are the same numbers: one is made and stands for both where the kinds agree.
        let areSame = call.rule.dropout == nil && kinds.residual == kinds.source
        let residual = kinds.residual.flatMap {
            needs.residual || areSame && needs.source ? Tensor.unwritten(output.shape, dtype: $0) : nil
        }
        let source = needs.source && !areSame ? Tensor.unwritten(output.shape, dtype: kinds.source) : nil
        let columns = [call.rule.columns]
        let ofWeight = Tensor.unwritten(columns, dtype: call.statistics)
        let ofBias = Tensor.unwritten(columns, dtype: call.statistics)
        let places = LayerNormGradients(
            source: source?.storage.bytes, residual: residual?.storage.bytes,
            weight: ofWeight.storage.bytes, bias: ofBias.storage.bytes)
        let zeros = upstream.isEmpty ? Tensor.zeros(output.shape, dtype: output.dtype) : nil
        let given: [Tensor?] = [
            normalised, means, inverses, weight, upstream.first ?? zeros, upstream.dropFirst().first,
            sumUpstream,
        ]
        withBytes(of: given) { bytes in
            guard let kept = bytes[0], let means = bytes[1], let inverses = bytes[2], let output = bytes[4]
            else { return }
            let given = LayerNormUpstream(
                normalised: kept, means: means, inverses: inverses, weight: bytes[3], output: output,
                other: bytes[5], sum: bytes[6])
            if let kinds = call.kinds {
                FastLayerNorm.backward(call.rule, kinds, given, places)
            } else {
                PlainLayerNorm.backward(call.rule, of: Double.self, given, places)
            }
        }
        return LayerNormTensorGradients(
            source: areSame && needs.source ? residual : source, residual: needs.residual ? residual : nil,
            weight: ofWeight, bias: ofBias)
    }
}

/// One layer norm: its operands, checked.
private struct LayerNormCall {
    private static let name = "layer norm"
    let rule: LayerNormRule
    /// Of the sum and the output.
    let dtype: DType
    /// `nil` in double precision.
    let kinds: FastLayerNorm.Kinds?
    /// Of scale, shift and what is kept of each row.
    var statistics: DType { kinds == nil ? .f64 : .f32 }

    init(shape: [Int], _ kinds: (source: DType, residual: DType?), _ options: LayerNormOptions) {
        guard let columns = shape.last else { shapeMistake(Self.name, shape, "[…, D]") }
        let residual = kinds.residual ?? kinds.source
        dtype = DType.promoted(kinds.source, residual)
        self.kinds = Self.fastKinds(kinds.source, residual)
        let rows = shape.dropLast().reduce(1, *)
        rule = LayerNormRule(
            rows: rows, columns: columns, epsilon: options.epsilon,
            dropout: options.dropout?.elementDropout(count: shape.product))
    }

    /// The kinds as the loops in single precision know them; `nil` where both are double.
    private static func fastKinds(_ source: DType, _ residual: DType) -> FastLayerNorm.Kinds? {
        let supported: [DType] = [.f32, .f64, .bf16]
        source.require(supported, name)
        residual.require(supported, "\(name)'s residual")
        if source == .f64, residual == .f64 { return nil }
        guard let first = source.native else {
            dtypeMistake("\(name)'s residual beside \(source)", residual, supported: [source])
        }
        guard let second = residual.native else {
            dtypeMistake("\(name)'s residual beside \(source)", residual, supported: [.f32, .bf16])
        }
        return FastLayerNorm.Kinds(source: first, residual: second)
    }

    init(_ source: Tensor, _ residual: Tensor?, _ parameters: [Tensor?], _ options: LayerNormOptions) {
        self.init(shape: source.shape, (source.dtype, residual?.dtype), options)
        if let residual, residual.shape != source.shape {
            shapeMistake("\(Self.name)'s residual", source.shape, residual.shape)
        }
        for parameter in parameters.compactMap({ $0 }) {
            guard parameter.shape == [rule.columns] else {
                shapeMistake(Self.name, source.shape, parameter.shape)
            }
            guard parameter.dtype == statistics else {
                dtypeMistake("\(Self.name)'s scale or shift", parameter.dtype, supported: [statistics])
            }
        }
    }
}
