import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Self-attention over one product's output, against PyTorch (`Tests/Oracles/attention.py`) and against its parts.
struct SelfAttentionTests {
    struct Attributes: Decodable {
        let heads: Int
        let maskKind: String?
        let isCausal: Bool
        let scale: Double?
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("self_attention", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 16)
        try OperationCheck(cases) { example, x in
            let a = example.attributes
            let mask = try a.maskKind.map { kind in
                let mask = try #require(example.constants.first).tensor
                return kind == "real" ? mask.constant : mask.cast(to: .bool).constant
            }
            return OperationAnswer(
                selfAttention(
                    projected: x[0], heads: a.heads, mask: mask, isCausal: a.isCausal, scale: a.scale))
        }.run()
    }

    private struct Outcome: Equatable {
        let output: [Double]
        let gradient: [Double]
    }

    private func operand(_ name: String, _ shape: [Int], as kind: DType) -> Tensor {
        var stream = RandomStream(seed: 5, name: name)
        return stream.normalTensor(shape, deviation: 1).cast(to: kind)
    }

    /// The same kernel on the same numbers: the same bits, also of what dropout draws.
    @Test(arguments: [DType.f32, .f64, .bf16])
    func `is the attention of its parts`(kind: DType) throws {
        let (batch, length, heads, depth) = (2, 70, 3, 4)
        let width = heads * depth
        let x = operand("projected", [batch, length, 3 * width], as: kind)
        let upstream = operand("upstream", [batch, length, width], as: kind)
        let mask = Tensor((0..<batch * length).map { $0 % 7 != 2 }, shape: [batch, 1, 1, length])
        func outcome(_ attend: (Variable) -> Variable) throws -> Outcome {
            let pass = Pass(.training, seed: 3)
            let projected = pass.input(x, needsGradient: true)
            let output = attend(projected)
            #expect(output.shape == [batch, length, width] && output.tensor.dtype == kind)
            let gradient = try #require(output.backward(from: upstream)[projected])
            #expect(gradient.shape == x.shape && gradient.dtype == kind)
            return Outcome(output: output.tensor.doubles, gradient: gradient.doubles)
        }
        let whole = try outcome {
            selfAttention(projected: $0, heads: heads, mask: mask, isCausal: true, dropout: 0.2)
        }
        let parts = try outcome { projected in
            let parts = projected.split(into: 3, axis: 2).map {
                $0.reshaped([batch, length, heads, depth]).permuted([0, 2, 1, 3])
            }
            return scaledDotProductAttention(
                parts[0], parts[1], parts[2], mask: mask, isCausal: true, dropout: 0.2
            )
            .permuted([0, 2, 1, 3]).reshaped([batch, length, width])
        }
        #expect(whole == parts)
        #expect(whole.output.contains { $0 != 0 } && whole.gradient.contains { $0 != 0 })
    }

    @Test func `a width that does not hold three parts of its heads stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = selfAttention(projected: Pass(.evaluation).input(.zeros([2, 3, 8])), heads: 2)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            text.contains(
                "self-attention in 2 heads: takes [batch, length, 3 * heads * depth], given was [2, 3, 8]"
            ))
    }
}
