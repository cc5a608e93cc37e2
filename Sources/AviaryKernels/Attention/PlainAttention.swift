#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Attention as its definition reads, one row of scores at a time; also the way of double precision.
///
/// Source: Vaswani et al. 2017, equation 1: `softmax(Q Kᵀ · scale + mask) V`.
package enum PlainAttention {
    /// Writes `output` `[batch, heads, queries, width]` and what makes probabilities of its scores.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: AttentionElement & BinaryFloatingPoint>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        output: HeadRows<T>, normalizers: AttentionNormalizers<T>
    ) where T.Real == T {
        Parallel.run(shape.headCount * shape.queries) { part in
            var p = [T](repeating: 0, count: shape.keys)
            for place in part {
                let (head, row) = place.quotientAndRemainder(dividingBy: shape.queries)
                writeScores(head, row, shape, rule, inputs, &p)
                (normalizers.greatest[place], normalizers.inverses[place]) = normalizer(p)
                let y = output.row(row, of: head, shape)
                y.update(repeating: 0, count: shape.width)
                for j in 0..<shape.keys {
                    let probability = probability(p[j], normalizers, place) * factor(place, j, shape, rule)
                    let v = inputs.value.row(j, of: head, shape)
                    for e in 0..<shape.width { y[e] += probability * v[e] }
                }
            }
        }
    }

    /// Writes the gradients that are asked for.
    ///
    /// With `P` the probabilities and `F` the factors of dropout: `dV = (P F)ᵀ dY`, `dP = F · (dY Vᵀ)`,
    /// `dS = P (dP - Σ P dP) · scale`, `dQ = dS K`, `dK = dSᵀ Q`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func backward<T: AttentionElement & BinaryFloatingPoint>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ result: AttentionResult<T>, outputGradient: HeadRows<T>, gradients: AttentionGradients<T>
    ) where T.Real == T {
        // Whole heads: rows of one head add to the same keys.
        Parallel.run(shape.headCount) { part in
            var (p, dp) = ([T](repeating: 0, count: shape.keys), [T](repeating: 0, count: shape.keys))
            for head in part {
                clear(gradients, head, shape)
                for row in 0..<shape.queries {
                    let place = head * shape.queries + row
                    writeScores(head, row, shape, rule, inputs, &p)
                    for j in 0..<shape.keys { p[j] = probability(p[j], result.normalizers, place) }
                    let dy = outputGradient.row(row, of: head, shape)
                    var mean: T = 0
                    for j in 0..<shape.keys {
                        let f = factor(place, j, shape, rule) as T
                        dp[j] = f * dot(dy, inputs.value.row(j, of: head, shape), shape.width)
                        mean += p[j] * dp[j]
                        guard let dv = gradients.value?.row(j, of: head, shape) else { continue }
                        for e in 0..<shape.width { dv[e] += p[j] * f * dy[e] }
                    }
                    for j in 0..<shape.keys {
                        add(p[j] * (dp[j] - mean) * T(rule.scale), head, row, j, shape, inputs, gradients)
                    }
                }
            }
        }
    }

    /// Backward adds to a head's gradients.
    @inline(__always)
    private static func clear<T: AttentionElement & BinaryFloatingPoint>(
        _ gradients: AttentionGradients<T>, _ head: Int, _ shape: AttentionShape
    ) {
        for (rows, length, width) in [
            (gradients.query, shape.queries, shape.depth), (gradients.key, shape.keys, shape.depth),
            (gradients.value, shape.keys, shape.width),
        ] {
            for row in 0..<length { rows?.row(row, of: head, shape).update(repeating: 0, count: width) }
        }
    }

    /// Adds what one score's gradient gives to its query and its key.
    @inline(__always)
    private static func add<T: AttentionElement & BinaryFloatingPoint>(
        _ gradient: T, _ head: Int, _ row: Int, _ j: Int, _ shape: AttentionShape,
        _ inputs: AttentionInputs<T>,
        _ gradients: AttentionGradients<T>
    ) {
        let (q, k) = (inputs.query.row(row, of: head, shape), inputs.key.row(j, of: head, shape))
        let dq = gradients.query?.row(row, of: head, shape)
        let dk = gradients.key?.row(j, of: head, shape)
        for d in 0..<shape.depth {
            dq?[d] += gradient * k[d]
            dk?[d] += gradient * q[d]
        }
    }

    /// The scores of one row; minus infinity where a key takes no part.
    @inline(__always)
    private static func writeScores<T: AttentionElement & BinaryFloatingPoint>(
        _ head: Int, _ row: Int, _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ scores: inout [T]
    ) where T.Real == T {
        let q = inputs.query.row(row, of: head, shape)
        for j in 0..<shape.keys {
            let k = inputs.key.row(j, of: head, shape)
            scores[j] = rule.isCausal && j > row ? -.infinity : dot(q, k, shape.depth) * T(rule.scale)
            guard let mask = inputs.mask else { continue }
            let (b, h) = head.quotientAndRemainder(dividingBy: shape.heads)
            let place = b * mask.steps[0] + h * mask.steps[1] + row * mask.steps[2] + j * mask.steps[3]
            switch mask.elements {
            case .takingPart(let bytes): if bytes[place] == 0 { scores[j] = -.infinity }
            case .added(let numbers): scores[j] += numbers[place]
            }
        }
    }

    private static func normalizer<T: BinaryFloatingPoint>(_ scores: [T]) -> (greatest: T, inverse: T) {
        // Minus infinity less itself would be NaN.
        guard let greatest = scores.max(), greatest != -.infinity else { return (0, 0) }
        return (greatest, T(1 / scores.reduce(0) { $0 + exp(Double($1 - greatest)) }))
    }

    /// The probability of a score in a row; `place` counts the rows of all heads.
    @inline(__always)
    private static func probability<T: BinaryFloatingPoint>(
        _ score: T, _ normalizers: AttentionNormalizers<T>, _ place: Int
    ) -> T {
        T(exp(Double(score - normalizers.greatest[place]))) * normalizers.inverses[place]
    }

    /// `place` counts the rows of all heads.
    private static func factor<T: BinaryFloatingPoint>(
        _ place: Int, _ j: Int, _ shape: AttentionShape, _ rule: AttentionRule
    ) -> T {
        rule.dropout.map { T($0.factor(row: place, key: j, of: shape.keys)) } ?? 1
    }

    @inline(__always)
    private static func dot<T: BinaryFloatingPoint>(
        _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ count: Int
    ) -> T {
        var sum: T = 0
        for i in 0..<count { sum += a[i] * b[i] }
        return sum
    }
}
