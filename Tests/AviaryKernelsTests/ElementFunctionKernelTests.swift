import AviaryKernels
import Testing

private let functions: [ElementFunction] = [
    .absolute, .clamp(low: -0.75, high: 1.5), .exponential, .gelu, .hardswish, .leakyReLU(slope: 0.1),
    .logarithm, .reciprocalSquareRoot, .relu, .relu6, .sigmoid, .silu, .softplus, .squareRoot, .tanh,
    .tanhGELU,
]

/// The vectorised functions against the same in double precision.
struct ElementFunctionKernelTests {
    /// From far below zero to far above, close to zero, and the corners of what is made of pieces.
    private var arguments: [Float] {
        let wide = (0..<4001).map { Float($0 - 2000) * 0.0061 }
        let small = (0..<200).map { Float($0 - 100) * 1e-4 }
        return wide + small + [0, -0.0, -3, 3, 6, 1.5, -0.75, 20, -20, 60, -60, 1e-20, -1e-20, 1e30]
    }

    /// What the function keeps for its way back.
    private func kept(_ function: ElementFunction, _ x: [Float]) -> [Float] {
        function.keepsOutput ? values(function, x) : x
    }

    /// Where the processor multiplies and adds at once, an exponent keeps what rounding takes from it; elsewhere that
    /// shows far below zero, as 1e-5 of numbers that are small themselves.
    @Test(arguments: functions) func `values keep six digits, also far below one`(function: ElementFunction) {
        var compared = 0
        for (x, found) in zip(arguments, values(function, arguments)) {
            let exact = PlainElementFunction.value(function, at: Double(x))
            guard exact.isFinite else {
                #expect(exact.isNaN ? found.isNaN : Double(found) == exact, "at \(x): \(found), not \(exact)")
                continue
            }
            // Below are fewer bits, beyond is infinity.
            guard abs(exact) > 1e-36, abs(exact) < 3e38 else { continue }
            let share: Double = x < -3 ? 2e-5 : 1e-6
            #expect(abs(Double(found) - exact) <= share * abs(exact), "at \(x): \(found), not \(exact)")
            compared += 1
        }
        #expect(compared > 1000)
    }

    /// A slope passes through 0, so what is asked is a share of the greatest near 0 and digits far away.
    @Test(arguments: functions) func `gradients are the slopes of the plain form`(function: ElementFunction) {
        let x = arguments.filter { abs($0) < 100 }
        let (kept, upstream) = (kept(function, x), x.indices.map { Float($0 % 7) - 2.75 })
        let found = gradients(function, kept: kept, upstream: upstream)
        for i in x.indices {
            let exact = PlainElementFunction.gradient(
                function, kept: Double(kept[i]), upstream: Double(upstream[i]))
            guard exact.isFinite, abs(exact) < 3e38 else {
                let same = Double(found[i]) == Double(Float(exact)) || found[i].isNaN && exact.isNaN
                #expect(same, "at \(x[i]): \(found[i]), not \(exact)")
                continue
            }
            let room = 2e-6 * max(abs(exact), x[i] < -3 ? 0 : abs(Double(upstream[i]))) + 1e-36
            let share = x[i] < -3 ? 5e-5 * abs(exact) : 0
            #expect(
                abs(Double(found[i]) - exact) <= max(room, share), "at \(x[i]): \(found[i]), not \(exact)")
        }
    }

    @Test(arguments: functions) func `NaN stays NaN`(function: ElementFunction) {
        let x: [Float] = [1, .nan, 2]
        #expect(values(function, x).map(\.isNaN) == [false, true, false])
    }

    /// Their limits, or NaN where the formula has infinity times 0, as in PyTorch.
    @Test(arguments: functions) func infinities(function: ElementFunction) {
        for (x, found) in zip([Float.infinity, -.infinity], values(function, [.infinity, -.infinity])) {
            let exact = PlainElementFunction.value(function, at: Double(x))
            #expect(Double(found) == exact || found.isNaN && exact.isNaN, "at \(x): \(found), not \(exact)")
        }
    }

    @Test func `an exponential goes down to the least number and up to infinity`() {
        #expect(
            values(.exponential, [-103, -104.5, 88.5, 89]).map { $0 == 0 } == [false, true, false, false])
        #expect(values(.exponential, [88.5, 89]).map(\.isInfinite) == [false, true])
        #expect(
            values(.logarithm, [.leastNonzeroMagnitude, .leastNormalMagnitude, 0, -1]).map(\.isNaN) == [
                false, false, false, true,
            ])
        #expect(values(.logarithm, [0])[0] == -.infinity)
    }

    /// Two bytes go through the same formulae: the result is that of four, rounded once.
    @Test(arguments: functions, [1, 15, 16, 17, 1000]) func `bf16 is the f32 result, rounded`(
        function: ElementFunction, count: Int
    ) {
        let words = (0..<count).map { narrowed(Float($0 * 37 % 400 - 200)) }
        let upstream = (0..<count).map { narrowed(Float($0 % 9) - 3.5) }
        let (wide, wideUpstream) = (words.map(widened), upstream.map(widened))
        let found = inBF16(words) { x, output in
            FastElementFunction.values(function, .bf16, x, into: output, count: count)
        }
        expectSame(found, values(function, wide).map(narrowed))
        let back = inBF16(words) { x, output in
            upstream.withUnsafeBytes {
                guard let upstream = $0.baseAddress else { return }
                FastElementFunction.gradients(
                    function, .bf16, kept: x, upstream: upstream, into: output, count: count)
            }
        }
        expectSame(back, gradients(function, kept: wide, upstream: wideUpstream).map(narrowed))
    }

    @Test(arguments: [1, 15, 17, 40_003], [1, 2, 3]) func `the number of threads does not show`(
        count: Int, threads: Int
    ) {
        let x = (0..<count).map { Float($0 * 7919 % 2003) / 200 - 5 }
        let one = Parallel.withThreadCount(1) { values(.gelu, x) }
        #expect(Parallel.withThreadCount(threads) { values(.gelu, x) } == one)
        let back = Parallel.withThreadCount(1) { gradients(.gelu, kept: x, upstream: one) }
        #expect(Parallel.withThreadCount(threads) { gradients(.gelu, kept: x, upstream: one) } == back)
    }

    private func values(_ function: ElementFunction, _ x: [Float]) -> [Float] {
        inF32(x) { FastElementFunction.values(function, .f32, $0, into: $1, count: x.count) }
    }

    private func gradients(_ function: ElementFunction, kept: [Float], upstream: [Float]) -> [Float] {
        inF32(kept) { kept, output in
            upstream.withUnsafeBytes {
                guard let start = $0.baseAddress else { return }
                FastElementFunction.gradients(
                    function, .f32, kept: kept, upstream: start, into: output, count: upstream.count)
            }
        }
    }

    private func expectSame(_ found: [UInt16], _ expected: [UInt16]) {
        let same = zip(found, expected).allSatisfy { $0 == $1 || widened($0).isNaN && widened($1).isNaN }
        #expect(same && found.count == expected.count)
    }
}
