import AviaryKernels
import Testing

/// Dropout and what follows a product, against their plain forms.
struct DropoutKernelTests {
    private func dropout(_ probability: Double, first: Int = 0) -> ElementDropout {
        ElementDropout(
            key: (0x1234_5678, 0x9ABC_DEF0), counter: (7, .max, 3), firstWord: first, probability: probability
        )
    }

    /// A start that 4 does not divide is in the middle of a block; from 2³³ + 5 on the blocks' number has all its bits.
    @Test(
        arguments: [0.1, 0.5, 0.999, 1],
        [(0, 1), (0, 16), (6, 31), (5, 17), (1, 513), (1 << 33 + 5, 1100), (3, 40_003)])
    func `elements are multiplied by the factors of their places`(
        probability: Double, extent: (first: Int, count: Int)
    ) {
        let (rule, count) = (dropout(probability, first: extent.first), extent.count)
        let x = (0..<count).map { Float($0 % 31) + 1 }
        let expected = x.indices.map { x[$0] * Float(rule.factor(at: $0)) }
        for threads in [1, 2, 3] {
            let found = Parallel.withThreadCount(threads) {
                inF32(x) { FastDropout.apply(rule, .f32, $0, into: $1, count: count) }
            }
            #expect(found == expected, "\(threads) threads")
        }
        let words = x.map(narrowed)
        let narrow = inBF16(words) { FastDropout.apply(rule, .bf16, $0, into: $1, count: count) }
        #expect(narrow == words.indices.map { narrowed(widened(words[$0]) * Float(rule.factor(at: $0))) })
        if count > 100, probability < 0.9 { #expect(expected.contains(0) && expected.contains { $0 != 0 }) }
    }

    /// Rows that begin in the middle of a block, a tile of several stretches, several tiles each way.
    @Test(
        arguments: [ElementFunction.relu, .gelu, .tanhGELU, .silu, .sigmoid, .tanh],
        [(1, 1), (3, 5), (2, 16), (7, 33), (70, 530), (130, 17)])
    func `bias, activation and dropout`(function: ElementFunction, extents: (rows: Int, columns: Int)) {
        let count = extents.rows * extents.columns
        let (x, upstream) = (numbers(count, 1).map { 3 * $0 }, numbers(count, 2))
        let bias = numbers(extents.columns, 3)
        for rule in [nil, dropout(0.4, first: 3)] {
            let a = BiasActivation(
                rows: extents.rows, columns: extents.columns, function: function, dropout: rule)
            var (plain, plainBack) = (
                [Float](repeating: 0, count: count), [Float](repeating: 0, count: count)
            )
            var plainBias = bias
            PlainBiasActivation.forward(a, x: x, bias: bias, output: &plain)
            PlainBiasActivation.backward(
                a, x: x, bias: bias, upstream: upstream, gradient: &plainBack, biasGradient: &plainBias)
            let single = fast(a, x, bias, upstream)
            expectClose(single.output, plain, 2e-6, "forward")
            expectClose(single.gradient, plainBack, 2e-6, "backward")
            expectClose(single.biasGradient, plainBias, 4e-6, "bias")
            for threads in [2, 3] {
                let several = Parallel.withThreadCount(threads) { fast(a, x, bias, upstream) }
                #expect(several == single, "\(threads) threads")
            }
        }
    }

    /// The formulae are those of f32; of a result one rounding to 8 bits is left.
    @Test(arguments: [ElementFunction.relu, .gelu]) func `bias, activation and dropout of bf16`(
        function: ElementFunction
    ) {
        let a = BiasActivation(rows: 5, columns: 37, function: function, dropout: dropout(0.3))
        let (x, upstream) = (numbers(185, 4).map(narrowed), numbers(185, 5).map(narrowed))
        let bias = numbers(37, 6)
        let wide = fast(a, x.map(widened), bias, upstream.map(widened))
        let output = inBF16(x) {
            FastBiasActivation.forward(a, .bf16, x: $0, bias: bias, output: $1)
        }
        #expect(output == wide.output.map(narrowed))
        var biasGradient = [Float](repeating: .nan, count: 37)
        let gradient = inBF16(x) { x, output in
            upstream.withUnsafeBytes {
                guard let upstream = $0.baseAddress else { return }
                FastBiasActivation.backward(
                    a, .bf16, x: x, bias: bias, upstream: upstream, gradient: output,
                    biasGradient: &biasGradient)
            }
        }
        #expect(gradient == wide.gradient.map(narrowed))
        #expect(biasGradient == wide.biasGradient, "the sums are of numbers before they are rounded")
    }

    @Test func `without a bias to learn the gradient is the same`() {
        let a = BiasActivation(rows: 40, columns: 600, function: .gelu, dropout: dropout(0.3))
        let (x, upstream, bias) = (numbers(24_000, 7), numbers(24_000, 8), numbers(600, 9))
        let gradient = inF32(x) { x, output in
            upstream.withUnsafeBytes {
                guard let upstream = $0.baseAddress else { return }
                FastBiasActivation.backward(
                    a, .f32, x: x, bias: bias, upstream: upstream, gradient: output,
                    biasGradient: nil)
            }
        }
        #expect(gradient == fast(a, x, bias, upstream).gradient)
    }

    private struct Outcome: Equatable {
        let output, gradient, biasGradient: [Float]
    }

    private func fast(_ a: BiasActivation, _ x: [Float], _ bias: [Float], _ upstream: [Float]) -> Outcome {
        var biasGradient = [Float](repeating: .nan, count: a.columns)
        let output = inF32(x) {
            FastBiasActivation.forward(a, .f32, x: $0, bias: bias, output: $1)
        }
        let gradient = inF32(x) { x, output in
            upstream.withUnsafeBytes {
                guard let upstream = $0.baseAddress else { return }
                FastBiasActivation.backward(
                    a, .f32, x: x, bias: bias, upstream: upstream, gradient: output,
                    biasGradient: &biasGradient)
            }
        }
        return Outcome(output: output, gradient: gradient, biasGradient: biasGradient)
    }

    private func expectClose(_ fast: [Float], _ plain: [Float], _ share: Float, _ what: String) {
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= share * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(fast.allSatisfy { !$0.isNaN }, "\(what)")
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }
}
