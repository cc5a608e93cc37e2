import AviaryKernels
import Testing

/// The vectorised layer norm against the plain one, both ways, with and without what may stand before it.
struct LayerNormKernelTests {
    /// One column, fewer and more than a vector has, an odd number of them, rows that are long and rows that fill several
    /// groups.
    static let extents = [(3, 1), (5, 7), (70, 33), (40, 256), (2, 5003), (1100, 16)]

    struct Form: Sendable {
        let hasResidual, drops, hasParameters: Bool
    }
    static let forms = [
        Form(hasResidual: false, drops: false, hasParameters: true),
        Form(hasResidual: false, drops: false, hasParameters: false),
        Form(hasResidual: true, drops: false, hasParameters: true),
        Form(hasResidual: true, drops: true, hasParameters: true),
    ]

    @Test(arguments: extents, forms)
    func `equals the plain one in single precision`(extents: (rows: Int, columns: Int), form: Form) {
        let run = Run(extents.rows, extents.columns, form)
        let (fast, plain) = (run.fast(.init(source: .f32)), run.plain())
        for (name, (found, expected)) in zip(Run.names, zip(fast, plain)) {
            expectClose(found, expected, 2e-6, "\(name) of \(extents), \(form)")
        }
    }

    /// What is read is exact in two bytes.
    ///
    /// What is written there is rounded to 8 bits, so it errs by 0.4 %, and where
    /// that was the sum, what is computed from it errs by a little more.
    @Test(arguments: [
        (RealKind.bf16, RealKind.f32), (.f32, .bf16), (.bf16, .bf16),
    ])
    func `takes two bytes as they are`(source: RealKind, residual: RealKind) {
        let form = Form(hasResidual: true, drops: true, hasParameters: true)
        let run = Run(70, 37, form, isInTwoBytes: true)
        let kinds = FastLayerNorm.Kinds(source: source, residual: residual)
        let isWide = RealKind.wider(source, residual) == .f32
        for (name, (found, expected)) in zip(Run.names, zip(run.fast(kinds), run.plain())) {
            let isRounded =
                !isWide || name == "source gradient" && source == .bf16
                || name == "residual gradient" && residual == .bf16
            expectClose(found, expected, isRounded ? 2e-2 : 2e-6, "\(name) of \(source) and \(residual)")
        }
    }

    @Test func `gives the same bits with one thread and with several`() {
        let run = Run(1100, 40, Form(hasResidual: true, drops: true, hasParameters: true))
        let results = [1, 2, 3].map { threads in
            Parallel.withThreadCount(threads) { run.fast(.init(source: .f32)) }
        }
        #expect(results[0] == results[1] && results[0] == results[2])
        #expect(results[0].allSatisfy { $0.contains { $0 != 0 } })
    }

    /// A mean of squares less the square of the mean would keep no digit here.
    @Test func `keeps its digits far from zero`() {
        let form = Form(hasResidual: false, drops: false, hasParameters: false)
        let run = Run(30, 300, form, shift: 1000)
        let (fast, plain) = (run.fast(.init(source: .f32)), run.plain())
        expectClose(fast[1], plain[1], 1e-6, "output")
        expectClose(fast[3], plain[3], 1e-6, "inverse deviation")
    }

    @Test func `no rows give no numbers, and gradients of scale and shift that are 0`() {
        let run = Run(0, 5, Form(hasResidual: true, drops: false, hasParameters: true))
        let fast = run.fast(.init(source: .f32))
        #expect(fast[1].isEmpty && fast[6] == [0, 0, 0, 0, 0] && fast[7] == fast[6])
    }

    /// At the beginning of a block and behind each of its words.
    @Test(arguments: [0.0, 0.1, 0.5, 1 / 3.0, 1])
    func `drops what the definition drops, wherever the stream stands`(probability: Double) {
        for first in [0, 1, 2, 7, 64] {
            let dropout = ElementDropout(
                key: (5, 6), counter: (1, 2, 3), firstWord: first, probability: probability)
            let rule = LayerNormRule(rows: 9, columns: 11, epsilon: 1e-5, dropout: dropout)
            var (ones, zeros) = (
                [Float](repeating: 1, count: 99), [Float](repeating: 0, count: 99)
            )
            var (sum, output) = (zeros, zeros)
            var (means, inverses) = ([Float](repeating: 0, count: 9), [Float](repeating: 0, count: 9))
            withPointers(&ones, &zeros, &sum, &output, &means, &inverses) { p in
                FastLayerNorm.forward(
                    rule, .init(source: .f32),
                    LayerNormOperands(source: p[0], residual: UnsafeRawPointer(p[1]), weight: nil, bias: nil),
                    LayerNormResults(sum: p[2], output: p[3], means: p[4], inverses: p[5]))
            }
            #expect(sum == (0..<99).map { Float(dropout.factor(at: $0)) }, "from word \(first) on")
        }
    }

    private func withPointers(
        _ a: inout [Float], _ b: inout [Float], _ c: inout [Float], _ d: inout [Float], _ e: inout [Float],
        _ f: inout [Float], _ body: ([UnsafeMutableRawPointer]) -> Void
    ) {
        func pointer(_ p: UnsafeMutablePointer<Float>) -> UnsafeMutableRawPointer {
            UnsafeMutableRawPointer(p)
        }
        withUnsafeMutablePointers(&a, &b, &c) { a, b, c in
            withUnsafeMutablePointers(&d, &e, &f) { d, e, f in
                body([a, b, c, d, e, f].map(pointer))
            }
        }
    }

    private func withUnsafeMutablePointers(
        _ a: inout [Float], _ b: inout [Float], _ c: inout [Float],
        _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) ->
            Void
    ) {
        body(&a, &b, &c)
    }

    private func expectClose(_ found: [Float], _ expected: [Float], _ tolerance: Float, _ what: String) {
        // Means come of numbers around 1, and may be near 0 themselves.
        let scale = max(expected.map(abs).max() ?? 0, what.hasPrefix("mean") ? 1 : 1e-30)
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(found.count == expected.count && found.allSatisfy { !$0.isNaN }, "\(what)")
        #expect(worst <= tolerance * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
    }
}

/// One layer norm with all its operands, run both ways.
private struct Run {
    static let names = [
        "sum", "output", "mean", "inverse deviation", "residual gradient", "source gradient",
        "scale gradient", "shift gradient",
    ]
    let rule: LayerNormRule
    let form: LayerNormKernelTests.Form
    private let source, residual, weight, bias, upstream, other, sumUpstream: [Float]

    init(
        _ rows: Int, _ columns: Int, _ form: LayerNormKernelTests.Form, shift: Float = 0,
        isInTwoBytes: Bool = false
    ) {
        let dropout = ElementDropout(key: (1, 2), counter: (3, 4, 5), firstWord: 3, probability: 0.3)
        rule = LayerNormRule(
            rows: rows, columns: columns, epsilon: 1e-5, dropout: form.drops ? dropout : nil)
        self.form = form
        func numbers(_ count: Int, _ seed: Int) -> [Float] {
            let exact = (0..<count).map { i in
                Float((i * 7919 + seed * 104_729 + i * i % 31 * 613) % 2003) / 1001.5 - 1
            }
            return isInTwoBytes ? exact.map { Float(bitPattern: $0.bitPattern & 0xFFFF_0000) } : exact
        }
        let count = rows * columns
        source = numbers(count, 1).map { $0 + shift }
        (residual, upstream) = (numbers(count, 2), numbers(count, 3))
        (other, sumUpstream) = (numbers(count, 4), numbers(count, 5))
        (weight, bias) = (numbers(columns, 6).map { $0 + 2 }, numbers(columns, 7))
    }

    /// The results in the order of `names`.
    func fast(_ kinds: FastLayerNorm.Kinds) -> [[Float]] {
        run(kinds) {
            FastLayerNorm.forward(rule, kinds, $0, $1)
        } backward: {
            FastLayerNorm.backward(rule, kinds, $0, $1)
        }
    }

    func plain() -> [[Float]] {
        run(.init(source: .f32)) {
            PlainLayerNorm.forward(rule, of: Float.self, $0, $1)
        } backward: {
            PlainLayerNorm.backward(rule, of: Float.self, $0, $1)
        }
    }

    private func run(
        _ kinds: FastLayerNorm.Kinds, _ forward: (LayerNormOperands, LayerNormResults) -> Void,
        backward: (LayerNormUpstream, LayerNormGradients) -> Void
    ) -> [[Float]] {
        let wide = form.hasResidual ? RealKind.wider(kinds.source, kinds.residual) : kinds.source
        let (n, rows, columns) = (rule.elementCount, rule.rows, rule.columns)
        let (x, r) = (Numbers(source, kinds.source), Numbers(residual, kinds.residual))
        let (w, b) = (Numbers(weight, .f32), Numbers(bias, .f32))
        let (sum, output) = (Numbers(n, wide), Numbers(n, wide))
        let (means, inverses) = (Numbers(rows, .f32), Numbers(rows, .f32))
        forward(
            LayerNormOperands(
                source: x.start, residual: form.hasResidual ? UnsafeRawPointer(r.start) : nil,
                weight: form.hasParameters ? UnsafeRawPointer(w.start) : nil,
                bias: form.hasParameters ? UnsafeRawPointer(b.start) : nil),
            LayerNormResults(
                sum: form.hasResidual ? sum.start : nil, output: output.start, means: means.start,
                inverses: inverses.start))
        let (dr, dx) = (Numbers(n, kinds.residual), Numbers(n, kinds.source))
        let (dw, db) = (Numbers(columns, .f32), Numbers(columns, .f32))
        let (dy, more, ds) = (Numbers(upstream, wide), Numbers(other, wide), Numbers(sumUpstream, wide))
        backward(
            LayerNormUpstream(
                normalised: form.hasResidual ? sum.start : x.start, means: means.start,
                inverses: inverses.start,
                weight: form.hasParameters ? UnsafeRawPointer(w.start) : nil, output: dy.start,
                other: form.hasResidual ? UnsafeRawPointer(more.start) : nil,
                sum: form.hasResidual ? UnsafeRawPointer(ds.start) : nil),
            LayerNormGradients(
                source: dx.start, residual: form.hasResidual ? dr.start : nil, weight: dw.start,
                bias: db.start))
        let unused = form.hasResidual ? nil : [Float]()
        return [
            unused ?? sum.values, output.values, means.values, inverses.values, unused ?? dr.values,
            dx.values, dw.values, db.values,
        ]
    }
}

/// Numbers of either kind at one place in memory; NaN until they are written.
private final class Numbers {
    let start: UnsafeMutableRawPointer
    private let count: Int
    private let kind: RealKind

    init(_ count: Int, _ kind: RealKind) {
        (self.count, self.kind) = (count, kind)
        start = .allocate(byteCount: max(1, count) * kind.byteCount, alignment: 64)
        start.initializeMemory(as: UInt8.self, repeating: 0xFF, count: count * kind.byteCount)
    }

    convenience init(_ values: [Float], _ kind: RealKind) {
        self.init(values.count, kind)
        for (i, value) in values.enumerated() {
            switch kind {
            case .f32: start.storeBytes(of: value, toByteOffset: 4 * i, as: Float.self)
            case .bf16:
                let word = UInt16(value.bitPattern >> 16)
                start.storeBytes(of: word, toByteOffset: 2 * i, as: UInt16.self)
            }
        }
    }

    deinit { start.deallocate() }

    var values: [Float] {
        (0..<count).map { i in
            switch kind {
            case .f32: start.load(fromByteOffset: 4 * i, as: Float.self)
            case .bf16:
                Float(bitPattern: UInt32(start.load(fromByteOffset: 2 * i, as: UInt16.self)) << 16)
            }
        }
    }
}
