import AviaryKernels
import Testing

/// Attention in blocks against the plain one, in single precision.
struct AttentionKernelTests {
    enum Mask: CaseIterable {
        case none, ofKeys, ofPairs, ofHeads, added
        /// -1e9 for all keys: beside it no score is left.
        case hidesAll
    }

    /// Around one and two blocks of 64 and vectors of 16; fewer heads than threads and more.
    static let shapes: [AttentionShape] = [
        .init(batch: 2, heads: 3, queries: 1, keys: 5, depth: 4, width: 6),
        .init(batch: 1, heads: 2, queries: 70, keys: 130, depth: 16, width: 24),
        .init(batch: 2, heads: 1, queries: 130, keys: 70, depth: 20, width: 33),
        .init(batch: 1, heads: 1, queries: 200, keys: 64, depth: 64, width: 1),
        .init(batch: 1, heads: 5, queries: 64, keys: 17, depth: 1, width: 16),
    ]

    private static var fast: AttentionKernel<Float> { .fast() }
    private static var plain: AttentionKernel<Float> { .plain }
    private static let dropout = ElementDropout(
        key: (7, 11), counter: (1, 2, 3), firstWord: 6, probability: 0.25)

    @Test(arguments: shapes, Mask.allCases)
    func `blocks equal the definition`(shape: AttentionShape, mask: Mask) {
        // One causal query sees one key: its gradient is 0 but for rounding, which cannot be compared.
        for isCausal in shape.queries == 1 ? [false] : [false, true] {
            for dropout in [nil, Self.dropout] {
                let rule = AttentionRule(scale: 0.7, isCausal: isCausal, dropout: dropout)
                let fast = attend(shape, rule, mask, Self.fast)
                let plain = attend(shape, rule, mask, Self.plain)
                let what = "\(shape), \(mask), causal: \(isCausal), dropout: \(dropout != nil)"
                expectClose(fast.output, plain.output, "output of \(what)")
                for (name, (a, b)) in zip(["query", "key", "value"], zip(fast.gradients, plain.gradients)) {
                    expectClose(a, b, "gradient by the \(name) of \(what)")
                }
                expectClose(fast.greatest, plain.greatest, "greatest scores of \(what)")
                expectClose(fast.inverses, plain.inverses, "inverses of \(what)")
                // 0 where no key takes part, in both.
                #expect(fast.inverses.map { $0 == 0 } == plain.inverses.map { $0 == 0 })
            }
        }
    }

    @Test(arguments: shapes)
    func `any number of threads gives the same bits`(shape: AttentionShape) {
        let rule = AttentionRule(scale: 0.7, dropout: Self.dropout)
        var results = Set<[Float]>()
        for threads in [1, 2, 3, 8] {
            Parallel.withThreadCount(threads) {
                let fast = attend(shape, rule, .ofPairs, Self.fast)
                results.insert(fast.output + fast.gradients.joined())
            }
        }
        #expect(results.count == 1)
    }

    @Test func `gradients that nobody asks for are not written`() {
        for threads in [1, 3] {
            Parallel.withThreadCount(threads) {
                let rule = AttentionRule(scale: 0.7, dropout: Self.dropout)
                let all = attend(Self.shapes[1], rule, .none, Self.fast)
                for asked in 0..<3 {
                    let one = attend(Self.shapes[1], rule, .none, Self.fast, asked: [asked])
                    #expect(one.gradients[asked] == all.gradients[asked])
                    for other in 0..<3 where other != asked { #expect(one.gradients[other].isEmpty) }
                }
            }
        }
    }

    // MARK: Where operands lie, what they are, and what the processor has

    /// Heads side by side in rows of a longer tensor, as a product gives them, with numbers between that are not theirs.
    @Test(arguments: shapes)
    func `rows that lie apart give the same bits as rows without gaps`(shape: AttentionShape) {
        for (mask, isCausal) in [(Mask.none, false), (.ofPairs, true)] {
            let rule = AttentionRule(scale: 0.7, isCausal: isCausal, dropout: Self.dropout)
            for threads in [1, 8] {
                Parallel.withThreadCount(threads) {
                    let dense = attend(shape, rule, mask, Self.fast)
                    let apart = attend(shape, rule, mask, Self.fast, gap: 5)
                    #expect(dense.output == apart.output && dense.inverses == apart.inverses)
                    #expect(dense.greatest == apart.greatest)
                    #expect(dense.gradients == apart.gradients)
                }
            }
            let (dense, apart) = (
                attend(shape, rule, mask, Self.plain), attend(shape, rule, mask, Self.plain, gap: 5)
            )
            #expect(dense.output == apart.output && dense.gradients == apart.gradients)
        }
    }

    /// Shapes whose numbers fit pairs, and some that do not.
    private static let shapesOfBF16 =
        shapes + [
            .init(batch: 1, heads: 2, queries: 128, keys: 128, depth: 64, width: 64),
            .init(batch: 2, heads: 1, queries: 65, keys: 63, depth: 32, width: 48),
        ]

    /// bf16 has 8 bits: the output rounds once, by 0.4 % of the greatest at most.
    ///
    /// Pairs round probabilities and their gradients too, and backward reads the rounded output.
    @Test(arguments: shapesOfBF16, [AttentionProducts.fastest, .widened, .pairs])
    func `bf16 equals f32 to its own precision`(shape: AttentionShape, products: AttentionProducts) {
        for (mask, isCausal) in [(Mask.none, false), (.ofKeys, false), (.added, shape.queries > 1)] {
            let rule = AttentionRule(scale: 0.7, isCausal: isCausal, dropout: Self.dropout)
            let exact = attend(shape, rule, mask, Self.fast, isRounded: true)
            let halves = attend(shape, rule, mask, AttentionKernel<Brain>.fast(products), gap: 3)
            let what = "\(shape), \(mask), \(products)"
            expectClose(halves.output, exact.output, within: 2e-2, "output of \(what)")
            for (name, (a, b)) in zip(
                ["query", "key", "value"], zip(halves.gradients, exact.gradients))
            {
                expectClose(a, b, within: 2e-2, "gradient by the \(name) of \(what)")
            }
        }
    }

    @Test(arguments: [AttentionProducts.widened, .pairs])
    func `any number of threads gives the same bits in bf16`(products: AttentionProducts) {
        let rule = AttentionRule(scale: 0.7, dropout: Self.dropout)
        for shape in Self.shapesOfBF16 {
            var results = Set<[Float]>()
            for threads in [1, 3, 8] {
                Parallel.withThreadCount(threads) {
                    let halves = attend(shape, rule, .ofPairs, AttentionKernel<Brain>.fast(products))
                    results.insert(halves.output + halves.gradients.joined())
                }
            }
            #expect(results.count == 1, "\(shape)")
        }
    }

    /// From the highest level down, in a process of its own: there is one level in a program.
    @Test func `every level of instructions equals the definition`() async {
        await #expect(processExitsWith: .success) {
            let tests = AttentionKernelTests()
            for level in Instructions.allCases.reversed() {
                Instructions.lower(to: level)
                guard Instructions.inUse <= level else {
                    fatalError("\(Instructions.inUse) in use, asked for was \(level)")
                }
                for shape in AttentionKernelTests.shapes {
                    let worst = tests.worstDifference(shape)
                    guard worst <= 1e-5 else { fatalError("\(level), \(shape): differs by \(worst)") }
                }
            }
        }
    }

    /// Beside the greatest of each answer.
    private func worstDifference(_ shape: AttentionShape) -> Float {
        let rule = AttentionRule(scale: 0.7, isCausal: shape.queries > 1, dropout: Self.dropout)
        let fast = attend(shape, rule, .ofKeys, Self.fast)
        let plain = attend(shape, rule, .ofKeys, Self.plain)
        return zip([fast.output] + fast.gradients, [plain.output] + plain.gradients).map { a, b in
            let scale = max(b.map(abs).max() ?? 0, 1e-30)
            return zip(a, b).map { $0.isNaN ? .infinity : abs($0 - $1) / scale }.max() ?? .infinity
        }.max() ?? .infinity
    }

    /// Eight heads' scores of 512 by 512 are 8 MiB; a processor's second-level cache has 256 KiB at least.
    @Test func `a thread's scratch does not grow with the lengths`() {
        var shape = AttentionShape(batch: 1, heads: 8, queries: 512, keys: 512, depth: 64, width: 64)
        let scratch = FastAttention.scratchByteCount(shape)
        #expect(scratch > 0 && scratch < 150_000)
        (shape.queries, shape.keys) = (4096, 4096)
        #expect(FastAttention.scratchByteCount(shape) == scratch)
    }

    /// The vectors that the paper's authors publish with their program (Random123, `kat_vectors`).
    @Test func `philox equals its published vectors`() {
        func words(_ counter: (UInt32, UInt32, UInt32, UInt32), _ key: (UInt32, UInt32)) -> [UInt32] {
            let block = philox(counter, key)
            return [block.0, block.1, block.2, block.3]
        }
        let ones = UInt32.max
        #expect(words((0, 0, 0, 0), (0, 0)) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
        #expect(
            words((ones, ones, ones, ones), (ones, ones))
                == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
        #expect(
            words((0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), (0xA409_3822, 0x299F_31D0))
                == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    }

    // MARK: Running both

    struct Results {
        var output: [Float]
        var greatest: [Float]
        var inverses: [Float]
        /// By query, key and value; empty where not asked for.
        var gradients: [[Float]]
    }

    /// Runs both ways.
    ///
    /// `gap` numbers lie between the rows of different positions, whose heads are side by side; without it the heads lie
    /// one after the other. Inputs are those of bf16 if they are rounded or that is their kind.
    func attend<T: TestElement>(
        _ s: AttentionShape, _ rule: AttentionRule, _ mask: Mask, _ kernel: AttentionKernel<T>,
        asked: Set<Int> = [0, 1, 2], gap: Int? = nil, isRounded: Bool = false
    ) -> Results {
        func heads(_ length: Int, _ width: Int, _ values: [Float]?) -> Heads<T> {
            Heads(s, length: length, width: width, gap: gap, values)
        }
        let extents = [(s.queries, s.depth), (s.keys, s.depth), (s.keys, s.width), (s.queries, s.width)]
        let given = extents.enumerated().map { index, extent in
            let values = numbers(s.headCount * extent.0 * extent.1, index + 1)
            return heads(extent.0, extent.1, isRounded ? values.map { Brain($0).float } : values)
        }
        let output = heads(s.queries, s.width, nil)
        let rows = [Float](repeating: .nan, count: s.headCount * s.queries)
        let (greatest, inverses) = (Memory(rows), Memory(rows))
        let normalizers = AttentionNormalizers(greatest: greatest.start, inverses: inverses.start)
        let gradients = (0..<3).map { asked.contains($0) ? heads(extents[$0].0, extents[$0].1, nil) : nil }
        let (bytes, added) = masks(mask, s)
        withExtendedLifetime((given, output, gradients, bytes, added, greatest, inverses)) {
            let inputs = AttentionInputs(
                query: given[0].rows, key: given[1].rows, value: given[2].rows,
                mask: kernelMask(mask, s, bytes.read, added.read))
            kernel.forward(s, rule, inputs, output.rows, normalizers)
            kernel.backward(
                s, rule, inputs, AttentionResult(output: output.rows, normalizers: normalizers),
                given[3].rows,
                AttentionGradients(
                    query: gradients[0]?.rows, key: gradients[1]?.rows, value: gradients[2]?.rows))
        }
        return Results(
            output: output.values, greatest: greatest.numbers, inverses: inverses.numbers,
            gradients: gradients.map { $0?.values ?? [] })
    }

    private func masks(_ mask: Mask, _ s: AttentionShape) -> (bytes: Memory<UInt8>, added: Memory<Float>) {
        let bytes = numbers(max(s.headCount, s.queries) * s.keys, 5).map { UInt8($0 > -0.4 ? 1 : 0) }
        let added = mask == .hidesAll ? [-1e9] : numbers(s.headCount * s.queries * s.keys, 6)
        return (Memory(bytes), Memory(added))
    }

    private func kernelMask(
        _ mask: Mask, _ s: AttentionShape, _ bytes: UnsafePointer<UInt8>, _ added: UnsafePointer<Float>
    ) -> AttentionMask<Float>? {
        switch mask {
        case .none: nil
        case .ofKeys: AttentionMask(.takingPart(bytes), steps: [s.keys, 0, 0, 1])
        case .ofPairs: AttentionMask(.takingPart(bytes), steps: [0, 0, s.keys, 1])
        case .hidesAll: AttentionMask(.added(added), steps: [0, 0, 0, 0])
        case .ofHeads: AttentionMask(.added(added), steps: [0, s.keys, 0, 1])
        case .added:
            AttentionMask(
                .added(added), steps: [s.heads * s.queries * s.keys, s.queries * s.keys, s.keys, 1])
        }
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Sums of up to 200 products, their exponentials and sums of those: 1e-5 of the greatest is 170 roundings.
    func expectClose(
        _ fast: [Float], _ plain: [Float], within tolerance: Float = 1e-5, _ what: String
    ) {
        #expect(fast.count == plain.count, "\(what)")
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= tolerance * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(plain.contains { $0 != 0 } && fast.allSatisfy { !$0.isNaN }, "\(what)")
    }
}
