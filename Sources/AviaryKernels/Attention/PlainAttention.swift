#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Attention as its definition reads, one row of scores at a time; also the way of double precision.
///
/// Source: Vaswani et al. 2017, equation 1: `softmax(Q Kᵀ · scale + mask) V`.
package enum PlainAttention {
    /// Writes `output` `[batch, heads, queries, width]` and `logSums` `[batch, heads, queries]`.
    @specialized(where T == Float)
    @specialized(where T == Double)
    package static func forward<T: BinaryFloatingPoint>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        output: UnsafeMutablePointer<T>, logSums: UnsafeMutablePointer<T>
    ) {
        Parallel.run(shape.headCount * shape.queries) { part in
            var p = [T](repeating: 0, count: shape.keys)
            for row in part {
                writeScores(row, shape, rule, inputs, &p)
                logSums[row] = logSum(p)
                let y = output + row * shape.width
                y.update(repeating: 0, count: shape.width)
                for j in 0..<shape.keys {
                    let probability = T(exp(Double(p[j] - logSums[row]))) * factor(row, j, shape, rule)
                    let v = inputs.value + (row / shape.queries * shape.keys + j) * shape.width
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
    package static func backward<T: BinaryFloatingPoint>(
        _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ result: AttentionResult<T>, outputGradient: UnsafePointer<T>, gradients: AttentionGradients<T>
    ) {
        gradients.clear(shape)
        // Whole heads: rows of one head add to the same keys.
        Parallel.run(shape.headCount) { part in
            var (p, dp) = ([T](repeating: 0, count: shape.keys), [T](repeating: 0, count: shape.keys))
            for row in part.lowerBound * shape.queries..<part.upperBound * shape.queries {
                writeScores(row, shape, rule, inputs, &p)
                for j in 0..<shape.keys { p[j] = T(exp(Double(p[j] - result.logSums[row]))) }
                let dy = outputGradient + row * shape.width
                var mean: T = 0
                for j in 0..<shape.keys {
                    let place = row / shape.queries * shape.keys + j
                    let f = factor(row, j, shape, rule) as T
                    dp[j] = f * dot(dy, inputs.value + place * shape.width, shape.width)
                    mean += p[j] * dp[j]
                    guard let dv = gradients.value else { continue }
                    for e in 0..<shape.width { dv[place * shape.width + e] += p[j] * f * dy[e] }
                }
                for j in 0..<shape.keys {
                    let ds = p[j] * (dp[j] - mean) * T(rule.scale)
                    add(ds, row, j, shape, inputs, gradients)
                }
            }
        }
    }

    /// Adds what one score's gradient gives to its query and its key.
    @inline(__always)
    private static func add<T: BinaryFloatingPoint>(
        _ gradient: T, _ row: Int, _ j: Int, _ shape: AttentionShape, _ inputs: AttentionInputs<T>,
        _ gradients: AttentionGradients<T>
    ) {
        let (q, k) = (row * shape.depth, (row / shape.queries * shape.keys + j) * shape.depth)
        for d in 0..<shape.depth {
            gradients.query?[q + d] += gradient * inputs.key[k + d]
            gradients.key?[k + d] += gradient * inputs.query[q + d]
        }
    }

    /// The scores of one row, counted through all heads; minus infinity where a key takes no part.
    @inline(__always)
    private static func writeScores<T: BinaryFloatingPoint>(
        _ row: Int, _ shape: AttentionShape, _ rule: AttentionRule, _ inputs: AttentionInputs<T>,
        _ scores: inout [T]
    ) {
        let (head, i) = row.quotientAndRemainder(dividingBy: shape.queries)
        let q = inputs.query + row * shape.depth
        for j in 0..<shape.keys {
            let k = inputs.key + (head * shape.keys + j) * shape.depth
            scores[j] = rule.isCausal && j > i ? -.infinity : dot(q, k, shape.depth) * T(rule.scale)
            guard let mask = inputs.mask else { continue }
            let (b, h) = head.quotientAndRemainder(dividingBy: shape.heads)
            let place = b * mask.steps[0] + h * mask.steps[1] + i * mask.steps[2] + j * mask.steps[3]
            switch mask.elements {
            case .takingPart(let bytes): if bytes[place] == 0 { scores[j] = -.infinity }
            case .added(let numbers): scores[j] += numbers[place]
            }
        }
    }

    private static func logSum<T: BinaryFloatingPoint>(_ scores: [T]) -> T {
        guard let greatest = scores.max(), greatest != -.infinity else { return .infinity }
        return greatest + T(log(scores.reduce(0) { $0 + exp(Double($1 - greatest)) }))
    }

    private static func factor<T: BinaryFloatingPoint>(
        _ row: Int, _ j: Int, _ shape: AttentionShape, _ rule: AttentionRule
    ) -> T {
        rule.dropout.map { T($0.factor(row: row, key: j, of: shape.keys)) } ?? 1
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
