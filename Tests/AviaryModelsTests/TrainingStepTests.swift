import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Whole models for two steps of SGD against PyTorch (`Tests/Oracles/training_step.py` has the formulas).
struct TrainingStepTests {
    private struct Summary: Decodable {
        struct Entry: Decodable {
            let index: Int
            let value: Double
        }
        let key: String
        let norm, sum: Double
        let entries: [Entry]
    }

    private struct Step: Decodable {
        let loss: Double
        let logits: FixtureTensor
        let gradients, parametersAfter: [Summary]
        let statisticsAfter: [Summary]?
    }

    private struct Fixture: Decodable {
        struct Evaluation: Decodable {
            let loss: Double
            let logits: FixtureTensor
        }
        let inputShape: [Int]
        let labels: [Int64]
        let parameterCount: Int
        let keys: [String]
        let steps: [Step]
        let lossAfter: Double
        let evaluation: Evaluation
    }

    @Test func `ResNet-8 learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        try check(SmallImageResNet(depth: 8, random: &random), "resnet8_step")
    }

    @Test func `the perceptron learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        try check(MLP(random: &random), "mlp_step")
    }

    @Test(arguments: [(8, 1, 75_002), (20, 3, 269_722), (32, 3, 464_154), (56, 3, 853_018)])
    func `the small ResNets have the paper's number of parameters`(depth: Int, channels: Int, count: Int) {
        var random = RandomStream(seed: 0, name: "initialisation")
        #expect(SmallImageResNet(depth: depth, channels: channels, random: &random).parameterCount == count)
    }

    /// Two steps in f32 from equal numbers: 1e-4 of a tensor's norm is 60 times PyTorch's own distance from f64.
    private func check(_ model: some Layer, _ name: String) throws {
        let expected = try fixture(name, as: Fixture.self)
        let state = model.state
        #expect(state.map(\.key) == expected.keys)
        #expect(model.parameterCount == expected.parameterCount)
        let named = fill(state)
        let x = Tensor(
            (0..<expected.inputShape.reduce(1, *)).map { Float(3 * uniform(1000, $0) - 1) },
            shape: expected.inputShape)
        let labels = Tensor(expected.labels, shape: [expected.labels.count])
        let optimizer = SGD(model.parameters, momentum: 0.9, weightDecay: 1e-4)
        for step in expected.steps {
            let pass = Pass(.training)
            let logits = model(pass.input(x))
            let loss = softmaxCrossEntropy(logits, labels: labels)
            expectClose([loss.tensor.scalar], [step.loss], within: 1e-5, "loss")
            step.logits.isClose(to: logits.tensor, within: 1e-4, "logits")
            let gradients = loss.backward()
            for (summary, entry) in zip(step.gradients, named) {
                compare(try #require(gradients[entry.parameter]), summary, "gradient of \(entry.key)")
            }
            optimizer.step(gradients, rate: 0.1)
            pass.applyBufferUpdates()
            for (summary, entry) in zip(step.parametersAfter, named) {
                compare(entry.parameter.value, summary, entry.key)
            }
            for summary in step.statisticsAfter ?? [] {
                compare(try #require(state.first { $0.key == summary.key }).value, summary, summary.key)
            }
        }
        let after = softmaxCrossEntropy(model(Pass(.training).input(x)), labels: labels)
        expectClose([after.tensor.scalar], [expected.lossAfter], within: 1e-4, "loss after")
        let evaluated = model(Pass(.evaluation).input(x))
        expected.evaluation.logits.isClose(to: evaluated.tensor, within: 1e-4, "evaluation")
    }

    private func compare(_ tensor: Tensor, _ summary: Summary, _ what: String) {
        guard tensor.dtype != .int64 else {
            #expect(tensor.scalar == summary.sum, "\(what)")
            return
        }
        let values = tensor.doubles
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let tolerance = 1e-4 * max(summary.norm, 1e-6)
        #expect(abs(norm - summary.norm) <= tolerance, "\(what): norm \(norm), expected \(summary.norm)")
        for entry in summary.entries {
            #expect(abs(values[entry.index] - entry.value) <= tolerance, "\(what)[\(entry.index)]")
        }
    }

    private func fill(_ state: [StateEntry]) -> [(key: String, parameter: Parameter)] {
        var named: [(key: String, parameter: Parameter)] = []
        for entry in state {
            guard case .parameter(let parameter) = entry.holder else { continue }
            let (k, shape) = (UInt64(named.count), parameter.value.shape)
            let fanIn = Double(shape.dropFirst().reduce(1, *))
            let isNormScale = entry.key.contains("norm") && entry.key.hasSuffix("weight")
            let scale = shape.count > 1 ? (6 / fanIn).squareRoot() : 0.2
            let values = (0..<shape.reduce(1, *)).map {
                Float((isNormScale ? 1 : 0) + scale * (2 * uniform(k, $0) - 1))
            }
            parameter.value = Tensor(values, shape: shape)
            named.append((entry.key, parameter))
        }
        return named
    }

    /// `u(stream, i)` of the script: SplitMix64 at `stream · 2³² + i`.
    private func uniform(_ stream: UInt64, _ index: Int) -> Double {
        var z = ((stream << 32 + UInt64(index)) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ z >> 31) >> 40) / Double(1 << 24)
    }
}
