import AviaryKernels
import Testing

/// Attention in blocks against the plain one, in single precision.
struct AttentionKernelTests {
    enum Mask: CaseIterable {
        case none, ofKeys, ofPairs, ofHeads, added
    }

    /// Around one and two blocks of 64 and vectors of 16; fewer heads than threads and more.
    static let shapes: [AttentionShape] = [
        .init(batch: 2, heads: 3, queries: 1, keys: 5, depth: 4, width: 6),
        .init(batch: 1, heads: 2, queries: 70, keys: 130, depth: 16, width: 24),
        .init(batch: 2, heads: 1, queries: 130, keys: 70, depth: 20, width: 33),
        .init(batch: 1, heads: 1, queries: 200, keys: 64, depth: 64, width: 1),
        .init(batch: 1, heads: 5, queries: 64, keys: 17, depth: 1, width: 16),
    ]

    private static let dropout = AttentionDropout(key: (7, 11), counter: (1, 2, 3), probability: 0.25)

    @Test(arguments: shapes, Mask.allCases)
    func `blocks equal the definition`(shape: AttentionShape, mask: Mask) {
        // One causal query sees one key: its gradient is 0 but for rounding, which cannot be compared.
        for isCausal in shape.queries == 1 ? [false] : [false, true] {
            for dropout in [nil, Self.dropout] {
                let rule = AttentionRule(scale: 0.7, isCausal: isCausal, dropout: dropout)
                let fast = attend(shape, rule, mask, FastAttention.forward, FastAttention.backward)
                let plain = attend(shape, rule, mask, PlainAttention.forward, PlainAttention.backward)
                let what = "\(shape), \(mask), causal: \(isCausal), dropout: \(dropout != nil)"
                expectClose(fast.output, plain.output, "output of \(what)")
                for (name, (a, b)) in zip(["query", "key", "value"], zip(fast.gradients, plain.gradients)) {
                    expectClose(a, b, "gradient by the \(name) of \(what)")
                }
                // Infinite where no key takes part, in both.
                #expect(fast.logSums.map(\.isFinite) == plain.logSums.map(\.isFinite))
                expectClose(
                    fast.logSums.filter(\.isFinite), plain.logSums.filter(\.isFinite), "log-sums of \(what)")
            }
        }
    }

    @Test(arguments: shapes)
    func `any number of threads gives the same bits`(shape: AttentionShape) {
        let rule = AttentionRule(scale: 0.7, dropout: Self.dropout)
        var results = Set<[Float]>()
        for threads in [1, 2, 3, 8] {
            Parallel.withThreadCount(threads) {
                let fast = attend(shape, rule, .ofPairs, FastAttention.forward, FastAttention.backward)
                results.insert(fast.output + fast.gradients.joined())
            }
        }
        #expect(results.count == 1)
    }

    @Test func `gradients that nobody asks for are not written`() {
        for threads in [1, 3] {
            Parallel.withThreadCount(threads) {
                let rule = AttentionRule(scale: 0.7, dropout: Self.dropout)
                let all = attend(
                    Self.shapes[1], rule, .none, FastAttention.forward, FastAttention.backward)
                for asked in 0..<3 {
                    let one = attend(
                        Self.shapes[1], rule, .none, FastAttention.forward, FastAttention.backward,
                        asked: [asked])
                    #expect(one.gradients[asked] == all.gradients[asked])
                    for other in 0..<3 where other != asked { #expect(one.gradients[other].isEmpty) }
                }
            }
        }
    }

    /// Eight heads' scores of 512 by 512 are 8 MiB.
    @Test func `a thread's scratch does not grow with the lengths`() {
        var shape = AttentionShape(batch: 1, heads: 8, queries: 512, keys: 512, depth: 64, width: 64)
        let scratch = FastAttention.scratchByteCount(shape)
        #expect(scratch > 0 && scratch < 100_000)
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

    private struct Results {
        var output: [Float]
        var logSums: [Float]
        /// By query, key and value; empty where not asked for.
        var gradients: [[Float]]
    }

    private typealias Forward = (
        AttentionShape, AttentionRule, AttentionInputs<Float>, UnsafeMutablePointer<Float>,
        UnsafeMutablePointer<Float>
    ) -> Void
    private typealias Backward = (
        AttentionShape, AttentionRule, AttentionInputs<Float>, AttentionResult<Float>, UnsafePointer<Float>,
        AttentionGradients<Float>
    ) -> Void

    private func attend(
        _ s: AttentionShape, _ rule: AttentionRule, _ mask: Mask, _ forward: Forward, _ backward: Backward,
        asked: Set<Int> = [0, 1, 2]
    ) -> Results {
        let operands = [s.queryElementCount, s.keyElementCount, s.valueElementCount].enumerated()
            .map { Memory(numbers($1, $0 + 1)) }
        let upstream = Memory(numbers(s.outputElementCount, 4))
        let output = Memory([Float](repeating: .nan, count: s.outputElementCount))
        let logSums = Memory([Float](repeating: .nan, count: s.headCount * s.queries))
        let gradients = operands.enumerated().map { index, operand in
            asked.contains(index) ? Memory([Float](repeating: .nan, count: operand.count)) : nil
        }
        let (bytes, added) = masks(s)
        withExtendedLifetime((operands, upstream, bytes, added)) {
            let inputs = AttentionInputs(
                query: operands[0].read, key: operands[1].read, value: operands[2].read,
                mask: kernelMask(mask, s, bytes.read, added.read))
            forward(s, rule, inputs, output.write, logSums.write)
            backward(
                s, rule, inputs, AttentionResult(output: output.read, logSums: logSums.read), upstream.read,
                AttentionGradients(
                    query: gradients[0]?.write, key: gradients[1]?.write, value: gradients[2]?.write))
        }
        return Results(
            output: output.values, logSums: logSums.values, gradients: gradients.map { $0?.values ?? [] })
    }

    private func masks(_ s: AttentionShape) -> (bytes: Memory<UInt8>, added: Memory<Float>) {
        let bytes = numbers(max(s.headCount, s.queries) * s.keys, 5).map { UInt8($0 > -0.4 ? 1 : 0) }
        return (Memory(bytes), Memory(numbers(s.headCount * s.queries * s.keys, 6)))
    }

    private func kernelMask(
        _ mask: Mask, _ s: AttentionShape, _ bytes: UnsafePointer<UInt8>, _ added: UnsafePointer<Float>
    ) -> AttentionMask<Float>? {
        switch mask {
        case .none: nil
        case .ofKeys: AttentionMask(.takingPart(bytes), steps: [s.keys, 0, 0, 1])
        case .ofPairs: AttentionMask(.takingPart(bytes), steps: [0, 0, s.keys, 1])
        case .ofHeads: AttentionMask(.added(added), steps: [0, s.keys, 0, 1])
        case .added:
            AttentionMask(
                .added(added), steps: [s.heads * s.queries * s.keys, s.queries * s.keys, s.keys, 1])
        }
    }

    /// Elements at an address that stays.
    private final class Memory<T> {
        let count: Int
        let write: UnsafeMutablePointer<T>

        init(_ values: [T]) {
            count = values.count
            write = .allocate(capacity: max(1, count))
            for (index, value) in values.enumerated() { (write + index).initialize(to: value) }
        }

        deinit { write.deallocate() }

        var read: UnsafePointer<T> { UnsafePointer(write) }
        var values: [T] { (0..<count).map { write[$0] } }
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }

    /// Sums of up to 200 products, their exponentials and sums of those: 1e-5 of the greatest is 170 roundings.
    private func expectClose(_ fast: [Float], _ plain: [Float], _ what: String) {
        #expect(fast.count == plain.count, "\(what)")
        let scale = max(plain.map(abs).max() ?? 0, 1e-30)
        let worst = zip(fast, plain).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 1e-5 * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
        #expect(plain.contains { $0 != 0 } && fast.allSatisfy { !$0.isNaN }, "\(what)")
    }
}
