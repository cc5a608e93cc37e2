import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Batch norm with residual sum, ReLU and two ways back (`Tests/Oracles/batch_norm.py`), and against its parts.
struct BatchNormTests {
    struct Attributes: Decodable {
        let epsilon: Double
        let activation: String
        let twice: Bool
    }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("batch_norm", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 23)
        #expect(
            cases.contains {
                $0.bearsLowPrecision && $0.attributes.activation == "relu" && $0.attributes.twice
            })
        try OperationCheck(cases) { example, x in
            let running = example.constantTensors
            let activation = try #require(NormActivation(rawValue: example.attributes.activation))
            let y = batchNorm(
                x[0], scale: x[1], shift: x[2], epsilon: example.attributes.epsilon,
                adding: x.count > 3 ? x[3] : nil, activation: activation,
                runningStatistics: running.isEmpty
                    ? nil : ChannelStatistics(mean: running[0], variance: running[1]))
            return OperationAnswer(example.attributes.twice ? y * 3 - y : y)
        }.run()
    }

    private static let shape = [3, 20, 4, 3]

    private func numbers(_ shape: [Int], _ seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, name: "batch norm")
        return stream.normalTensor(shape, deviation: 1)
    }

    /// An operation on images, scale, shift and a residual.
    private typealias Operation = ([Variable]) -> Variable

    private let fused: Operation = {
        batchNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-3, adding: $0[3], activation: .relu)
    }

    private let parts: Operation = {
        relu(batchNorm($0[0], scale: $0[1], shift: $0[2], epsilon: 1e-3) + $0[3])
    }

    private func inputs() -> [Tensor] {
        [numbers(Self.shape, 1), numbers([20], 2), numbers([20], 3), numbers(Self.shape, 4)]
    }

    /// The output and the gradients of all inputs; the output goes on along two ways.
    private func results(_ operation: Operation, _ inputs: [Tensor], _ upstream: Tensor) throws -> [Tensor] {
        let pass = Pass(.training)
        let variables = inputs.map { pass.input($0, needsGradient: true) }
        let y = operation(variables)
        let twice = y + y
        let gradients = twice.backward(from: upstream.cast(to: twice.tensor.dtype))
        return [y.tensor] + (try variables.map { try #require(gradients[$0]) })
    }

    @Test(arguments: [DType.f32, .f64]) func `is the norm, the sum and the ReLU one after the other`(
        kind: DType
    ) throws {
        let inputs = inputs().map { $0.cast(to: kind) }
        let upstream = numbers(Self.shape, 5)
        let (one, three) = (try results(fused, inputs, upstream), try results(parts, inputs, upstream))
        for (index, (found, expected)) in zip(one, three).enumerated() {
            #expect(found.dtype == kind && found.shape == expected.shape)
            expectClose(found.doubles, expected.doubles, within: 1e-5, "result \(index)")
        }
    }

    /// Images that bf16 holds: the sums are the same, so are the masks, and what comes out is rounded once.
    @Test func `bf16 is computed in f32 and rounded at the end, scale and shift keep f32`() throws {
        let inputs = inputs().enumerated().map { index, tensor in
            [0, 3].contains(index) ? tensor.cast(to: .bf16) : tensor
        }
        let upstream = numbers(Self.shape, 5).cast(to: .bf16)
        let narrow = try results(fused, inputs, upstream)
        let wide = try results(fused, inputs.map { $0.cast(to: .f32) }, upstream.cast(to: .f32))
        #expect(narrow.map(\.dtype) == [.bf16, .bf16, .f32, .f32, .bf16])
        #expect(narrow[0].doubles == wide[0].cast(to: .bf16).doubles)
        // Twice a number of bf16 is one.
        #expect(narrow[4].doubles == wide[4].doubles)
        expectClose(narrow[1].doubles, wide[1].doubles, within: 1e-2, "source gradient")
        for index in [2, 3] {
            expectClose(narrow[index].doubles, wide[index].doubles, within: 1e-5, "gradient \(index)")
        }
    }

    /// All channels of a pixel side by side: output and gradients lie so as well, and are those of plain images.
    @Test(arguments: [DType.f32, .bf16]) func `takes channels last, and answers so`(kind: DType) throws {
        let inputs = inputs().enumerated().map { index, tensor in
            [0, 3].contains(index) ? tensor.cast(to: kind) : tensor
        }
        let upstream = numbers(Self.shape, 5).cast(to: kind)
        let plain = try results(fused, inputs, upstream)
        let pass = Pass(.training)
        let variables = inputs.map { tensor in
            pass.input(tensor.shape.count == 4 ? channelsLast(tensor) : tensor, needsGradient: true)
        }
        let y = fused(variables)
        let gradients = y.backward(from: channelsLast(upstream.adding(upstream)))
        let found = [y.tensor] + (try variables.map { try #require(gradients[$0]) })
        for (index, (found, expected)) in zip(found, plain).enumerated() {
            let isImage = found.shape.count == 4
            #expect(!isImage || found.layout == .channelBlocks(20), "result \(index)")
            let numbers = isImage ? channelsFirst(found) : found.doubles
            expectClose(numbers, expected.doubles, within: kind == .f32 ? 1e-5 : 1e-2, "result \(index)")
        }
    }

    /// The same images with the channels of a pixel side by side.
    private func channelsLast(_ tensor: Tensor) -> Tensor {
        let s = tensor.shape
        let turned = tensor.permuted([0, 2, 3, 1]).plain
        func moved<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(shape: s, layout: .channelBlocks(s[1]), of: T.self) { output in
                turned.read(T.self) { output.update(from: $0, count: turned.count) }
            }
        }
        return tensor.dtype == .bf16 ? moved(BFloat16.self) : moved(Float.self)
    }

    /// The numbers of such images in the usual order.
    private func channelsFirst(_ tensor: Tensor) -> [Double] {
        let s = tensor.shape
        func moved<T: TensorElement>(_ type: T.Type) -> Tensor {
            Tensor(shape: [s[0], s[2], s[3], s[1]], of: T.self) { output in
                tensor.read(T.self) { output.update(from: $0, count: tensor.count) }
            }
        }
        let turned = tensor.dtype == .bf16 ? moved(BFloat16.self) : moved(Float.self)
        return turned.permuted([0, 3, 1, 2]).doubles
    }

    @Test func `a residual of f32 beside images of bf16 gets its gradient in f32`() throws {
        let pass = Pass(.training)
        let x = pass.input(numbers(Self.shape, 1).cast(to: .bf16), needsGradient: true)
        let residual = pass.input(numbers(Self.shape, 4), needsGradient: true)
        let (scale, shift) = (pass.input(numbers([20], 2)), pass.input(numbers([20], 3)))
        let y = batchNorm(x, scale: scale, shift: shift, epsilon: 1e-3, adding: residual)
        #expect(y.tensor.dtype == .bf16)
        let upstream = numbers(Self.shape, 5).cast(to: .bf16)
        let gradients = y.backward(from: upstream)
        #expect(try #require(gradients[residual]).dtype == .f32)
        #expect(gradients[residual]?.doubles == upstream.doubles)
        #expect(gradients[x]?.dtype == .bf16)
    }

    @Test func `a residual of another shape stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            let channels = pass.input(.zeros([2]))
            _ = batchNorm(
                pass.input(.zeros([1, 2, 3, 3])), scale: channels, shift: channels, epsilon: 1e-5,
                adding: pass.input(.zeros([1, 2, 3, 1])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("batch norm with a residual: shapes [1, 2, 3, 3] and [1, 2, 3, 1] do not fit"))
    }
}
