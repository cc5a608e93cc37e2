import CAviaryKernels

/// What `PlainLayerNorm` is, in single precision on numbers of four bytes or two, vectorised and on all threads.
///
/// Each way is one walk over the rows. The sums of columns go over groups of rows that depend on the number of rows
/// alone, so that a result does not depend on the number of threads.
package enum FastLayerNorm {
    /// The kinds of the operands; the sum, the output and their gradients are of the wider one.
    package struct Kinds: Sendable {
        package let source: RealKind
        /// The source's own where there is no residual.
        package let residual: RealKind

        package init(source: RealKind, residual: RealKind? = nil) {
            (self.source, self.residual) = (source, residual ?? source)
        }
    }

    package static func forward(
        _ rule: LayerNormRule, _ kinds: Kinds, _ operands: LayerNormOperands, _ results: LayerNormResults
    ) {
        var norm = arguments(rule, kinds, weight: operands.weight)
        norm.bias = operands.bias?.assumingMemoryBound(to: Float.self)
        let means = results.means.assumingMemoryBound(to: Float.self)
        let inverses = results.inverses.assumingMemoryBound(to: Float.self)
        withUnsafePointer(to: norm) { norm in
            Parallel.run(rule.rows, grain: max(1, Parallel.elementGrain / 4 / max(1, rule.columns))) { part in
                withScratch(rule) {
                    aviary_layer_norm_forward(
                        norm, operands.source, operands.residual, results.sum, results.output, means,
                        inverses, Int64(part.lowerBound), Int64(part.upperBound), $0)
                }
            }
        }
    }

    package static func backward(
        _ rule: LayerNormRule, _ kinds: Kinds, _ given: LayerNormUpstream, _ gradients: LayerNormGradients
    ) {
        let (groups, width) = (Int(aviary_layer_norm_group_count(Int64(rule.rows))), 2 * rule.columns)
        let places = aviary_layer_norm_gradients(
            normalised: given.normalised, mean: given.means.assumingMemoryBound(to: Float.self),
            inverse: given.inverses.assumingMemoryBound(to: Float.self), upstream: given.output,
            other_upstream: given.other, sum_upstream: given.sum, residual_gradient: gradients.residual,
            source_gradient: gradients.source)
        let norm = arguments(rule, kinds, weight: given.weight)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, groups * width)) { totals in
            guard let start = totals.baseAddress else { fatalError("layer norm: no scratch for \(rule)") }
            Parallel.run(groups) { part in
                withUnsafePointer(to: norm) { norm in
                    withUnsafePointer(to: places) { places in
                        withScratch(rule) {
                            for group in part {
                                aviary_layer_norm_backward(
                                    norm, places, Int64(rule.rows), Int64(group), start + group * width, $0)
                            }
                        }
                    }
                }
            }
            let ofWeight = gradients.weight.assumingMemoryBound(to: Float.self)
            let ofBias = gradients.bias.assumingMemoryBound(to: Float.self)
            for c in 0..<rule.columns {
                ofWeight[c] = columnSum(start + c, groups, width)
                ofBias[c] = columnSum(start + rule.columns + c, groups, width)
            }
        }
    }

    private static func columnSum(_ first: UnsafePointer<Double>, _ groups: Int, _ width: Int) -> Float {
        var sum = 0.0
        for group in 0..<groups { sum += first[group * width] }
        return Float(sum)
    }

    private static func withScratch(
        _ rule: LayerNormRule, _ body: (UnsafeMutablePointer<Float>?) -> Void
    ) {
        let floats = Int(aviary_layer_norm_scratch_count(Int64(rule.columns)))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { body($0.baseAddress) }
    }

    private static func arguments(
        _ rule: LayerNormRule, _ kinds: Kinds, weight: UnsafeRawPointer?
    ) -> aviary_layer_norm {
        var norm = aviary_layer_norm()
        norm.columns = Int64(rule.columns)
        norm.epsilon = rule.epsilon
        norm.source_kind = kinds.source.inLoops
        norm.residual_kind = kinds.residual.inLoops
        if let dropout = rule.dropout {
            norm.drops = true
            norm.dropout = dropout.arguments
        }
        norm.weight = weight?.assumingMemoryBound(to: Float.self)
        return norm
    }
}
