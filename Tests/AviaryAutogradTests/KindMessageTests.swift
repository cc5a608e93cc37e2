import AviaryAutograd
import AviaryTensors
import Testing

/// An operation that does not take a kind says which it takes: those of its callers, not those of the loops inside.
struct KindMessageTests {
    private static func whole(_ pass: Pass, _ shape: [Int]) -> Variable {
        pass.input(.zeros(shape, dtype: .int64))
    }

    private static func real(_ pass: Pass, _ shape: [Int]) -> Variable { pass.input(.zeros(shape)) }

    private static let mistakes: [(operation: String, run: @Sendable (Pass) -> Void)] = [
        ("softmax", { _ = softmax(whole($0, [2, 3]), axis: 0) }),
        ("log-softmax", { _ = logSoftmax(whole($0, [2, 3])) }),
        ("matrix product", { _ = whole($0, [2, 3]).product(whole($0, [3, 2])) }),
        ("batched matrix product", { _ = whole($0, [1, 2, 3]).batchedProduct(whole($0, [3, 2])) }),
        ("einsum", { _ = einsum("ij,jk->ik", whole($0, [2, 3]), whole($0, [3, 2])) }),
        ("linear", { _ = linear(whole($0, [2, 3]), weight: real($0, [4, 3]), bias: nil) }),
        ("convolution", { _ = convolution(real($0, [1, 1, 3, 3]), weight: whole($0, [1, 1, 1, 1])) }),
        ("embedding", { _ = embedding(.zeros([2], dtype: .int64), weight: whole($0, [4, 3])) }),
        ("group norm", { _ = groupNorm(whole($0, [2, 4, 3, 3]), groups: 2) }),
        (
            "batch norm",
            {
                _ = batchNorm(
                    whole($0, [2, 3, 2, 2]), scale: real($0, [3]), shift: real($0, [3]), epsilon: 1e-5)
            }
        ),
        ("layer norm", { _ = layerNorm(whole($0, [2, 3])) }),
        ("layer norm", { _ = layerNorm(real($0, [2, 3]), weight: whole($0, [3])) }),
        ("layer norm", { _ = residualLayerNorm(whole($0, [2, 3]), residual: real($0, [2, 3])) }),
        ("layer norm's residual", { _ = residualLayerNorm(real($0, [2, 3]), residual: whole($0, [2, 3])) }),
        ("max pooling", { _ = maxPool(whole($0, [1, 1, 4, 4]), window: 2) }),
        ("average pooling", { _ = averagePool(whole($0, [1, 1, 4, 4]), window: 2) }),
        ("global average pooling", { _ = globalAveragePool(whole($0, [1, 1, 4, 4])) }),
        ("interpolate", { _ = interpolate(whole($0, [1, 1, 4, 4]), height: 2, width: 2, by: .bilinear) }),
        ("log-sum-exp", { _ = whole($0, [2, 3]).logSumExp(over: [0]) }),
        ("variance", { _ = whole($0, [2, 3]).variance(over: [0]) }),
        ("l2 normalisation", { _ = whole($0, [2, 3]).l2Normalised() }),
        ("maximum", { _ = maximum(whole($0, [3]), whole($0, [3])) }),
        ("sine", { _ = whole($0, [3]).sine }),
        ("relu", { _ = relu(whole($0, [3])) }),
        ("dropout", { _ = dropout(whole($0, [3]), probability: 0.5) }),
        (
            "bias and activation",
            { _ = biasActivation(whole($0, [3]), bias: real($0, [3]), activation: .relu) }
        ),
        (
            "attention's query",
            {
                let x = real($0, [1, 1, 2, 4])
                _ = scaledDotProductAttention(whole($0, [1, 1, 2, 4]), x, x)
            }
        ),
        (
            "attention's key",
            {
                let x = real($0, [1, 1, 2, 4])
                _ = scaledDotProductAttention(x, whole($0, [1, 1, 2, 4]), x)
            }
        ),
        (
            "attention's value",
            {
                let x = real($0, [1, 1, 2, 4])
                _ = scaledDotProductAttention(x, x, whole($0, [1, 1, 2, 4]))
            }
        ),
        ("attention", { _ = selfAttention(projected: whole($0, [1, 2, 6]), heads: 2) }),
    ]

    @Test(arguments: mistakes.indices)
    func `whole numbers stop the program, which says what the operation takes`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            KindMessageTests.mistakes[index].run(Pass(.training))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        let operation = Self.mistakes[index].operation
        #expect(text.contains(": \(operation): takes f32, f64, bf16, f16, given was int64"), "\(text)")
    }

    private static let ofTensors: [(text: String, run: @Sendable () -> Void)] = [
        (
            "layer norm: takes f32, f64, bf16, given was int64",
            {
                _ = Tensor.zeros([2, 3], dtype: .int64)
                    .layerNorm(weight: nil, bias: nil, LayerNormOptions(epsilon: 1e-5))
            }
        ),
        (
            "layer norm's residual beside f64: takes f64, given was f32",
            {
                _ = Tensor.zeros([2, 3], dtype: .f64)
                    .layerNorm(
                        residual: .zeros([2, 3]), weight: nil, bias: nil, LayerNormOptions(epsilon: 1e-5))
            }
        ),
        (
            "attention's key beside a query of f32: takes f32, given was f64",
            {
                let x = Tensor.zeros([1, 1, 2, 4])
                _ = x.attention(key: x.cast(to: .f64), value: x, AttentionOptions(scale: 1))
            }
        ),
    ]

    @Test(arguments: ofTensors.indices)
    func `a tensor's operation names the operand that differs`(index: Int) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            KindMessageTests.ofTensors[index].run()
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Self.ofTensors[index].text), "\(text)")
    }

    @Test func `what only moves elements takes every kind`() {
        let pass = Pass(.evaluation)
        let x = pass.input(Tensor([1, 2, 3, 4] as [UInt8], shape: [1, 1, 2, 2]))
        let large = interpolate(x, height: 4, width: 2, by: .nearest)
        #expect(large.tensor.values(as: UInt8.self) == [1, 2, 1, 2, 3, 4, 3, 4])
        let mask = Tensor([true, false], shape: [2])
        #expect(select(where: mask, x, x * 2).tensor.values(as: UInt8.self) == [1, 4, 3, 8])
        #expect(identityPad(x, channels: 3, stride: 2).tensor.values(as: UInt8.self) == [0, 1, 0])
    }
}
