import AviaryKernels
import Testing

extension AttentionKernelTests {
    /// In single precision, and in bf16 each way of multiplying it.
    enum Way: CaseIterable {
        case plain, fast, widened, pairs
    }

    /// Where -1e9 is added to every score, all are the same number: each probability is 1 / K by the definition.
    @Test(
        arguments: AttentionKernelTests.shapes + [
            .init(batch: 1, heads: 2, queries: 3, keys: 130, depth: 16, width: 24)
        ], Way.allCases)
    func `keys that are all hidden by a large number share a query evenly`(shape: AttentionShape, way: Way) {
        let rule = AttentionRule(scale: 0.5)
        let (found, tolerance): (Results, Float) =
            switch way {
            case .plain: (attend(shape, rule, .hidesAll, AttentionKernel<Float>.plain, isRounded: true), 1e-5)
            case .fast: (attend(shape, rule, .hidesAll, AttentionKernel<Float>.fast(), isRounded: true), 1e-5)
            // The output is rounded and read by backward, in pairs probabilities are too: 0.4 % each.
            case .widened: (attend(shape, rule, .hidesAll, AttentionKernel<Brain>.fast(.widened)), 2e-2)
            case .pairs: (attend(shape, rule, .hidesAll, AttentionKernel<Brain>.fast(.pairs)), 2e-2)
            }
        #expect(found.greatest.allSatisfy { $0 == -1e9 })
        expectClose(
            found.inverses, found.inverses.map { _ in 1 / Float(shape.keys) }, within: 1e-6,
            "inverses of \(way)")
        let expected = evenly(shape, scale: 0.5)
        expectClose(found.output, expected.output, within: tolerance, "output of \(shape), \(way)")
        for (name, (a, b)) in zip(["query", "key", "value"], zip(found.gradients, expected.gradients)) {
            expectClose(a, b, within: tolerance, "gradient by the \(name) of \(shape), \(way)")
        }
    }

    /// Output and gradients where all probabilities are the same, of the operands that `attend` takes, in bf16.
    private func evenly(
        _ s: AttentionShape, scale: Double
    ) -> (output: [Float], gradients: [[Float]]) {
        func operand(_ number: Int, _ length: Int, _ width: Int) -> [Double] {
            numbers(s.headCount * length * width, number).map { Double(Brain($0).float) }
        }
        let (q, k) = (operand(1, s.queries, s.depth), operand(2, s.keys, s.depth))
        let (v, dy) = (operand(3, s.keys, s.width), operand(4, s.queries, s.width))
        let share = 1 / Double(s.keys)
        var y = [Double](repeating: 0, count: dy.count)
        var (dq, dk) = (q.map { _ in 0.0 }, k.map { _ in 0.0 })
        var dv = v.map { _ in 0.0 }
        for head in 0..<s.headCount {
            for i in 0..<s.queries {
                let row = head * s.queries + i
                var dp = [Double](repeating: 0, count: s.keys)
                for j in 0..<s.keys {
                    let key = head * s.keys + j
                    for e in 0..<s.width {
                        y[row * s.width + e] += share * v[key * s.width + e]
                        dv[key * s.width + e] += share * dy[row * s.width + e]
                        dp[j] += dy[row * s.width + e] * v[key * s.width + e]
                    }
                }
                let mean = dp.reduce(0, +) * share
                for j in 0..<s.keys {
                    let (key, slope) = (head * s.keys + j, share * (dp[j] - mean) * scale)
                    for d in 0..<s.depth {
                        dq[row * s.depth + d] += slope * k[key * s.depth + d]
                        dk[key * s.depth + d] += slope * q[row * s.depth + d]
                    }
                }
            }
        }
        return (y.map { Float($0) }, [dq, dk, dv].map { $0.map { Float($0) } })
    }
}
