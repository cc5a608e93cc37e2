import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Attention against PyTorch (`Tests/Oracles/attention.py`), and what the fixture cannot say.
struct AttentionTests {
    struct Attributes: Decodable {
        let maskKind: String?
        let isCausal: Bool
        let scale: Double?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("attention", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 48)
        #expect(Set(cases.compactMap(\.attributes.maskKind)) == ["bool", "uint8", "real"])
        try OperationCheck(cases) { example, x in
            let a = example.attributes
            return OperationAnswer(
                scaledDotProductAttention(
                    x[0], x[1], x[2], mask: try mask(of: example), isCausal: a.isCausal, scale: a.scale))
        }.run()
    }

    private func mask(of example: Case) throws -> Tensor? {
        guard let kind = example.attributes.maskKind else { return nil }
        let mask = try #require(example.constants.first).tensor
        return kind == "real" ? mask.constant : mask.cast(to: try #require(DType(rawValue: kind))).constant
    }

    /// `[1, 2, length, depth]`, the same each time.
    private func operand(_ name: String, _ length: Int, _ depth: Int, as dtype: DType = .f32) -> Tensor {
        var stream = RandomStream(seed: 5, name: name)
        return stream.normalTensor([1, 2, length, depth], deviation: 1).cast(to: dtype)
    }

    private struct Outcome {
        let output: [Double]
        let gradients: [[Double]]
    }

    /// Attention of 3 queries over 4 keys, and the gradients of its sum.
    private func attend(mask: Tensor?, isCausal: Bool = false, as dtype: DType) -> Outcome {
        let pass = Pass(.training)
        let x = [operand("q", 3, 5, as: dtype), operand("k", 4, 5, as: dtype), operand("v", 4, 2, as: dtype)]
            .map { pass.input($0, needsGradient: true) }
        let output = scaledDotProductAttention(x[0], x[1], x[2], mask: mask, isCausal: isCausal)
        let gradients = output.sum.backward()
        return Outcome(output: output.tensor.doubles, gradients: x.map { gradients[$0]?.doubles ?? [] })
    }

    @Test(arguments: [DType.f32, .f64])
    func `a query without a key gives zeros and takes no gradient`(dtype: DType) {
        let taken: [UInt8] = [1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1]
        let bytes = Tensor(taken, shape: [3, 4])
        let reals = Tensor(taken.map { $0 == 0 ? -Float.infinity : 0 }, shape: [3, 4])
        for mask in [bytes, bytes.cast(to: .bool), reals] {
            let outcome = attend(mask: mask, as: dtype)
            // Two heads of 3 queries and widths of 2 and 5: the second query of each.
            for head in 0..<2 {
                #expect(outcome.output[(head * 3 + 1) * 2..<(head * 3 + 2) * 2].allSatisfy { $0 == 0 })
                #expect(outcome.gradients[0][(head * 3 + 1) * 5..<(head * 3 + 2) * 5].allSatisfy { $0 == 0 })
            }
            #expect((outcome.output + outcome.gradients.joined()).allSatisfy { $0.isFinite })
            #expect(outcome.output.filter { $0 == 0 }.count == 4)
            #expect(outcome.output == attend(mask: bytes, as: dtype).output)
            #expect(outcome.gradients == attend(mask: bytes, as: dtype).gradients)
        }
        let nothing = attend(mask: Tensor(false), as: dtype)
        #expect((nothing.output + nothing.gradients.joined()).allSatisfy { $0 == 0 })
    }

    @Test func `a mask and causality hold both`() {
        let mask = Tensor([true, false, true, true], shape: [4])
        let both = Tensor(
            [true, false, false, false, true, false, false, false, true, false, true, false], shape: [3, 4])
        #expect(
            attend(mask: mask, isCausal: true, as: .f32).output == attend(mask: both, as: .f32).output)
    }

    /// The softmax of one score is 1, whatever the score is.
    @Test func `one key gives its value, and its query learns nothing`() {
        let pass = Pass(.training)
        let x = [operand("q", 3, 5), operand("k", 1, 5), operand("v", 1, 2)]
            .map { pass.input($0, needsGradient: true) }
        let output = scaledDotProductAttention(x[0], x[1], x[2])
        let value = x[2].tensor.doubles
        let expected = (0..<12).map { value[$0 / 6 * 2 + $0 % 2] }  // two heads, three queries, width 2
        #expect(output.tensor.doubles == expected)
        let gradients = output.sum.backward()
        for input in x[0..<2] {
            #expect(gradients[input]?.doubles.allSatisfy { abs($0) < 1e-6 } == true)
        }
        #expect(gradients[x[2]]?.doubles == [3, 3, 3, 3])
    }

    @Test func `only what is needed has a gradient`() {
        let pass = Pass(.training)
        let q = pass.input(operand("q", 3, 5))
        let k = pass.input(operand("k", 4, 5), needsGradient: true)
        let v = pass.input(operand("v", 4, 2))
        let gradients = scaledDotProductAttention(q, k, v).sum.backward()
        #expect(gradients[k]?.doubles == attend(mask: nil, as: .f32).gradients[1])
        #expect(gradients[q] == nil && gradients[v] == nil)
    }

    /// What takes the products in two bytes itself gives its gradients in them; the rest is `f32` at heart.
    @Test(arguments: [DType.bf16, .f16])
    func `a lowered pass computes from rounded operands and rounds once`(kind: DType) throws {
        let mask = Tensor([true, false, true, true], shape: [4])
        let (wide, lowered) = (Pass(.training), Pass(.training, autocast: .standard(kind)))
        let operands = [operand("q", 3, 5), operand("k", 4, 5), operand("v", 4, 2)]
        let exact = operands.map { wide.input($0.rounded(to: kind), needsGradient: true) }
        let x = operands.map { lowered.input($0, needsGradient: true) }
        let expected = scaledDotProductAttention(exact[0], exact[1], exact[2], mask: mask)
        let output = scaledDotProductAttention(x[0], x[1], x[2], mask: mask)
        #expect(output.tensor.dtype == kind)
        #expect(output.tensor.cast(to: .f32).doubles == expected.tensor.rounded(to: kind).doubles)
        let upstream = Tensor(repeating: 1 as Float, shape: output.shape)
        let gradients = output.backward(from: upstream.cast(to: kind))
        let exactGradients = expected.backward(from: upstream)
        for (input, other) in zip(x, exact) {
            let gradient = try #require(gradients[input])
            let exactGradient = try #require(exactGradients[other])
            #expect(gradient.dtype == .f32)
            if kind == .f16 {
                #expect(gradient.doubles == exactGradient.doubles)
            } else {
                // Of the rounded output and rounded once: two roundings of 0.4 %.
                expectClose(gradient.doubles, exactGradient.doubles, within: 1e-2, "gradient in bf16")
            }
        }
    }

    /// Heads side by side in their rows, as a product gives them: output and gradients lie as they do.
    @Test(arguments: [DType.f32, .f64, .bf16])
    func `operands that are views give what copies give, in the views' own order`(kind: DType) throws {
        let wide = (0..<4).map { operand("view \($0)", 5, 4, as: kind).reshaped([1, 5, 2, 4]) }
        func attend(_ tensors: [Tensor]) throws -> [Tensor] {
            let pass = Pass(.training, seed: 3)
            let x = tensors[..<3].map { pass.input($0, needsGradient: true) }
            let output = scaledDotProductAttention(x[0], x[1], x[2], isCausal: true, dropout: 0.2)
            let gradients = output.backward(from: tensors[3])
            return [output.tensor] + (try x.map { try #require(gradients[$0]) })
        }
        let views = wide.map { $0.permuted([0, 2, 1, 3]) }
        let ofViews = try attend(views)
        let ofCopies = try attend(views.map(\.plain))
        for (a, b) in zip(ofViews, ofCopies) {
            #expect(a.shape == b.shape && a.doubles == b.doubles)
            // In the order of the views the next product takes it without a copy.
            #expect(a.permuted([0, 2, 1, 3]).layout == .plain && b.layout == .plain)
        }
    }

    // MARK: Dropout

    /// Probabilities after dropout, one row a query: the values are the identity.
    private func probabilities(
        _ pass: Pass, dropout: Double, keys: Int = 70, as dtype: DType = .f32
    ) -> (output: Variable, value: Variable) {
        let rows = (0..<keys * keys).map { Float($0 % (keys + 1) == 0 ? 1 : 0) }
        let value = pass.input(
            Tensor(rows + rows, shape: [1, 2, keys, keys]).cast(to: dtype), needsGradient: true)
        let (q, k) = (operand("q", 90, 3, as: dtype), operand("k", keys, 3, as: dtype))
        return (scaledDotProductAttention(pass.input(q), pass.input(k), value, dropout: dropout), value)
    }

    /// Of 12,600 probabilities a share of 0.3 has a deviation of 0.004; 0.02 is five of them.
    @Test func `dropout drops its share of the probabilities and scales the rest`() {
        let whole = probabilities(Pass(.evaluation), dropout: 0.3).output.tensor.doubles
        let dropped = probabilities(Pass(.training, seed: 9), dropout: 0.3).output.tensor.doubles
        #expect(whole.allSatisfy { $0 > 0 } && whole.count == 12_600)
        let zeros = dropped.filter { $0 == 0 }.count
        #expect(abs(Double(zeros) / 12_600 - 0.3) < 0.02)
        for (a, b) in zip(dropped, whole) where a != 0 { #expect(abs(a / b - 1 / 0.7) < 1e-4) }
        let nothing = probabilities(Pass(.training, seed: 9), dropout: 1).output.tensor.doubles
        #expect(nothing.allSatisfy { $0 == 0 })
    }

    @Test func `single and double precision drop the same`() {
        let single = probabilities(Pass(.training, seed: 9), dropout: 0.3).output.tensor.doubles
        let double = probabilities(Pass(.training, seed: 9), dropout: 0.3, as: .f64).output.tensor.doubles
        #expect(single.map { $0 == 0 } == double.map { $0 == 0 })
        expectClose(single, double, within: 1e-5, "probabilities")
    }

    @Test func `each attention of a pass drops others, the same seed and step the same`() {
        let pass = Pass(.training, seed: 9, step: 2)
        let first = probabilities(pass, dropout: 0.3).output.tensor.doubles
        #expect(probabilities(pass, dropout: 0.3).output.tensor.doubles != first)
        #expect(probabilities(Pass(.training, seed: 9, step: 2), dropout: 0.3).output.tensor.doubles == first)
        #expect(probabilities(Pass(.training, seed: 9, step: 3), dropout: 0.3).output.tensor.doubles != first)
    }

    /// The gradient by a value is the sum of its probabilities: those of backward have to be those of forward.
    @Test(arguments: [DType.f32, .f64])
    func `backward drops what forward dropped`(dtype: DType) {
        let (output, value) = probabilities(Pass(.training, seed: 9), dropout: 0.3, as: dtype)
        let upstream = operand("upstream", 90, 70, as: dtype)
        let (p, dy) = (output.tensor.doubles, upstream.doubles)
        var expected = [Double](repeating: 0, count: 2 * 70 * 70)
        for row in 0..<180 {
            for j in 0..<70 {
                for e in 0..<70 {
                    expected[(row / 90 * 70 + j) * 70 + e] += p[row * 70 + j] * dy[row * 70 + e]
                }
            }
        }
        let gradient = output.backward(from: upstream)[value]?.doubles ?? []
        expectClose(gradient, expected, within: dtype == .f64 ? 1e-12 : 1e-5, "gradient by the values")
    }

    // MARK: Memory

    /// Eight heads' scores of 512 by 512 would be 8 MiB; inputs, output and gradients are 2 MiB together.
    @Test func `the scores of all heads are never held`() async {
        await #expect(processExitsWith: .success) {
            var stream = RandomStream(seed: 1, name: "memory")
            let operands = (0..<4).map { _ in stream.normalTensor([1, 8, 512, 16], deviation: 1) }
            let mask = Tensor(repeating: 0 as Float, shape: [512, 512])
            let before = MemoryCache.shared.peakByteCount
            let pass = Pass(.training)
            let x = operands[..<3].map { pass.input($0, needsGradient: true) }
            let output = scaledDotProductAttention(x[0], x[1], x[2], mask: mask, dropout: 0.1)
            let gradients = output.backward(from: operands[3])
            let grown = MemoryCache.shared.peakByteCount - before
            let scores = 8 * 512 * 512 * 4
            guard gradients[x[0]] != nil, grown > 0, grown < scores / 4 else {
                fatalError("peak grew by \(grown) bytes; all scores are \(scores)")
            }
        }
    }

    // MARK: Mistakes

    @Test func `shapes that do not fit stop the program and are named`() async throws {
        func text(_ result: ExitTest.Result?) throws -> String {
            String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        }
        let depths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.training).input(.zeros([1, 2, 3, 4]))
            _ = scaledDotProductAttention(x, x.pass.input(.zeros([1, 2, 3, 5])), x)
        }
        #expect(
            try text(depths).contains(
                "attention's query and key: shapes [1, 2, 3, 4] and [1, 2, 3, 5] do not fit"))
        let masks = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.training).input(.zeros([1, 2, 3, 4]))
            _ = scaledDotProductAttention(x, x, x, mask: .zeros([2, 3]))
        }
        #expect(try text(masks).contains("attention's mask: shapes [2, 3] and [1, 2, 3, 3] do not fit"))
        let kinds = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let x = Pass(.training).input(.zeros([1, 2, 3, 4]))
            _ = scaledDotProductAttention(x, x, x, mask: .zeros([3, 3], dtype: .int64))
        }
        #expect(
            try text(kinds).contains(
                "attention's mask: takes bool, uint8, f32, f64, bf16, f16, given was int64"))
    }
}
