import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Testing

/// Bias, activation and dropout in one pass: against PyTorch (`Tests/Oracles/bias_activation.py`), and with dropout
/// against the operations that it stands for.
struct BiasActivationTests {
    struct Attributes: Decodable { var activation: String }

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("bias_activation", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 72)
        try OperationCheck(cases) { example, x in
            let activation = try #require(Activation(rawValue: example.attributes.activation))
            return OperationAnswer(biasActivation(x[0], bias: x[1], activation: activation))
        }.run()
    }

    private func numbers(_ shape: [Int], _ slope: Double, _ kind: DType) -> Tensor {
        Tensor((0..<shape.product).map { slope * Double($0 * 37 % 23 - 11) }, shape: shape).cast(to: kind)
    }

    private func parts(
        _ x: Variable, _ bias: Variable, _ activation: Activation, _ dropped: Double
    ) -> Variable {
        let sum = x + bias
        let activated =
            switch activation {
            case .relu: relu(sum)
            case .gelu: gelu(sum)
            case .tanhGELU: gelu(sum, form: .tanh)
            case .silu: silu(sum)
            case .sigmoid: sigmoid(sum)
            case .tanh: sum.tanh
            }
        return dropout(activated, probability: dropped)
    }

    /// What `body` makes of the two inputs, and their gradients.
    private func outcome(
        _ x: Tensor, _ bias: Tensor, _ upstream: Tensor, mode: Mode = .training,
        _ body: (Variable, Variable) -> Variable
    ) throws -> [Tensor] {
        let pass = Pass(mode, recordsGradients: true, seed: 6, step: 2)
        // A dropout before: it is the second stream that the operation draws from.
        _ = dropout(pass.input(.zeros([3])), probability: 0.5)
        let inputs = [pass.input(x, needsGradient: true), pass.input(bias, needsGradient: true)]
        let output = body(inputs[0], inputs[1])
        let gradients = output.backward(from: upstream)
        return [output.tensor, try #require(gradients[inputs[0]]), try #require(gradients[inputs[1]])]
    }

    /// Widths that put a row's first element at an odd draw, and rows longer than one stretch of drawn factors.
    @Test(
        arguments: Activation.allCases,
        [([5, 7], 0.4), ([2, 3, 33], 0.1), ([40, 1030], 0.5), ([3, 4], 1), ([4, 9], 0)] as [([Int], Double)])
    func `with dropout it is its parts, with the same mask`(
        activation: Activation, extents: (shape: [Int], probability: Double)
    ) throws {
        let (shape, probability) = extents
        for (kind, tolerance) in [(DType.f64, 1e-12), (.f32, 2e-6), (.bf16, 2e-2), (.f16, 5e-3)] {
            let x = numbers(shape, 0.17, kind)
            // As a model in mixed precision has it: the bias is a master weight.
            let bias = numbers([shape[shape.count - 1]], 0.05, kind == .f64 ? .f64 : .f32)
            let upstream = numbers(shape, -0.3, kind)
            let fused = try outcome(x, bias, upstream) {
                biasActivation($0, bias: $1, activation: activation, dropout: probability)
            }
            let plain = try outcome(x.cast(to: .f64), bias.cast(to: .f64), upstream.cast(to: .f64)) {
                parts($0, $1, activation, probability)
            }
            #expect(fused.map(\.dtype) == [kind, kind, bias.dtype])
            for (found, expected) in zip(fused, plain) {
                expectClose(
                    found.doubles, expected.doubles, within: tolerance,
                    "\(activation) of \(shape), \(probability) in \(kind)")
            }
            // Not one element more or fewer is dropped.
            if activation == .gelu, probability < 1 {
                #expect(fused[0].doubles.map { $0 == 0 } == plain[0].doubles.map { $0 == 0 })
            }
        }
    }

    /// The mask depends on the place alone: with the same seed the differences see the same one.
    @Test(arguments: Activation.allCases) func `with dropout the gradient is that of differences`(
        activation: Activation
    ) throws {
        let (x, bias) = (numbers([4, 5], 0.171, .f64), numbers([5], 0.053, .f64))
        let upstream = numbers([4, 5], 0.4, .f64)
        func loss(_ x: Tensor, _ bias: Tensor) throws -> Double {
            let output = try outcome(x, bias, upstream) {
                biasActivation($0, bias: $1, activation: activation, dropout: 0.3)
            }[0]
            return zip(output.doubles, upstream.doubles).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let gradients = try outcome(x, bias, upstream) {
            biasActivation($0, bias: $1, activation: activation, dropout: 0.3)
        }
        let step = 1e-5
        func moved(_ tensor: Tensor, _ element: Int, _ shift: Double) -> Tensor {
            var values = tensor.doubles
            values[element] += shift
            return Tensor(values, shape: tensor.shape)
        }
        let byX = try x.doubles.indices.map {
            (try loss(moved(x, $0, step), bias) - loss(moved(x, $0, -step), bias)) / (2 * step)
        }
        let byBias = try bias.doubles.indices.map {
            (try loss(x, moved(bias, $0, step)) - loss(x, moved(bias, $0, -step))) / (2 * step)
        }
        // Central differences err by 2e-11 of the third derivative, and by the sum's rounding over the step.
        expectClose(gradients[1].doubles, byX, within: 1e-7, "by x")
        expectClose(gradients[2].doubles, byBias, within: 1e-7, "by the bias")
    }

    @Test func `in evaluation nothing is dropped`() throws {
        let (x, bias) = (numbers([3, 5], 0.2, .f32), numbers([5], 0.1, .f32))
        let fused = try outcome(x, bias, x, mode: .evaluation) {
            biasActivation($0, bias: $1, activation: .relu, dropout: 0.9)
        }
        let plain = try outcome(x, bias, x) { biasActivation($0, bias: $1, activation: .relu) }
        #expect(fused.map(\.doubles) == plain.map(\.doubles))
    }

    @Test func `a bias of another width stops the program`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            _ = biasActivation(pass.input(.zeros([2, 3])), bias: pass.input(.zeros([2])), activation: .gelu)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("bias and activation: shapes [2, 3] and [2] do not fit"))
    }

    @Test func `a dropout above 1 stops the program and is named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let pass = Pass(.training)
            let (x, bias) = (pass.input(.zeros([2, 3])), pass.input(.zeros([3])))
            _ = biasActivation(x, bias: bias, activation: .relu, dropout: 1.5)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("bias and activation's dropout: takes a probability of 0 to 1, given was 1.5"))
    }
}
