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
        let gradients, parametersAfter, statisticsAfter: [Summary]
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

    @Test func `the patch encoder learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        let size = PatchEncoder.Size(layers: 2, width: 16, heads: 2, hidden: 32)
        let model = PatchEncoder(channels: 3, height: 8, width: 12, size: size, dropout: 0, random: &random)
        try check(model, "patch_encoder_step")
    }

    @Test(arguments: [(8, 1, 75_002), (20, 3, 269_722), (32, 3, 464_154), (56, 3, 853_018)])
    func `the small ResNets have the paper's number of parameters`(depth: Int, channels: Int, count: Int) {
        var random = RandomStream(seed: 0, name: "initialisation")
        #expect(SmallImageResNet(depth: depth, channels: channels, random: &random).parameterCount == count)
    }

    @Test func `ResNet-18 for small images has torchvision's blocks behind a stem of 3 by 3`() {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = SmallImageResNet(
            widths: [64, 128, 256, 512], blocks: [2, 2, 2, 2], channels: 3, random: &random)
        #expect(model.parameterCount == 11_173_962)
        let keys = model.state.map(\.key)
        #expect(!keys.contains { $0.hasPrefix("stages.0.0.shortcut") })
        for stage in 1...3 { #expect(keys.contains("stages.\(stage).0.shortcut.0.weight")) }
    }

    @Test func `stages may have widths and numbers of blocks of their own`() {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = SmallImageResNet(
            widths: [4, 8], blocks: [1, 2], channels: 2, classes: 3, random: &random)
        let logits = model(Pass(.evaluation).input(random.normalTensor([2, 2, 6, 6], deviation: 1)))
        #expect(logits.shape == [2, 3])
        #expect(model.stateDictionary()["stages.1.1.conv2.weight"]?.shape == [8, 8, 3, 3])
    }

    @Test func `widths without as many numbers of blocks stop the program`() async {
        await #expect(processExitsWith: .failure) {
            var random = RandomStream(seed: 0, name: "initialisation")
            _ = SmallImageResNet(widths: [4, 8], blocks: [1], random: &random)
        }
    }

    /// Two steps in f32 from equal numbers.
    ///
    /// PyTorch's own f32 lies up to 1.7e-6 of a gradient's norm and 2.5e-7 of the greatest logit from f64
    /// ("float32Deviation" of the fixtures): 2e-5 and 1e-5 leave room for sums in another order.
    private func check(_ model: some Layer, _ name: String) throws {
        let expected = try fixture(name, as: Fixture.self)
        let state = model.state
        #expect(state.map(\.key) == expected.keys)
        #expect(model.parameterCount == expected.parameterCount)
        let named = FormulaNumbers.fill(state)
        let x = Tensor(
            (0..<expected.inputShape.reduce(1, *)).map { Float(3 * FormulaNumbers.uniform(1000, $0) - 1) },
            shape: expected.inputShape)
        let labels = Tensor(expected.labels, shape: [expected.labels.count])
        let optimizer = SGD(model.parameters, momentum: 0.9, weightDecay: 1e-4)
        #expect(expected.steps.count == 2)
        for step in expected.steps {
            let pass = Pass(.training)
            let logits = model(pass.input(x))
            let loss = softmaxCrossEntropy(logits, labels: labels)
            expectClose([loss.tensor.scalar], [step.loss], within: 1e-5, "loss")
            step.logits.isClose(to: logits.tensor, within: 1e-5, "logits")
            let gradients = loss.backward()
            #expect(step.gradients.map(\.key) == named.map(\.key))
            for (summary, entry) in zip(step.gradients, named) {
                compare(try #require(gradients[entry.parameter]), summary, "gradient of \(entry.key)")
            }
            optimizer.step(gradients, rate: 0.1)
            pass.applyBufferUpdates()
            #expect(step.parametersAfter.map(\.key) == named.map(\.key))
            for (summary, entry) in zip(step.parametersAfter, named) {
                compare(entry.parameter.value, summary, entry.key)
            }
            #expect(step.statisticsAfter.map(\.key) == state.filter { $0.parameter == nil }.map(\.key))
            for summary in step.statisticsAfter {
                compare(try #require(state.first { $0.key == summary.key }).value, summary, summary.key)
            }
        }
        let after = softmaxCrossEntropy(model(Pass(.training).input(x)), labels: labels)
        expectClose([after.tensor.scalar], [expected.lossAfter], within: 1e-5, "loss after")
        let evaluated = model(Pass(.evaluation).input(x))
        expected.evaluation.logits.isClose(to: evaluated.tensor, within: 1e-5, "evaluation")
        let loss = softmaxCrossEntropy(evaluated, labels: labels)
        expectClose([loss.tensor.scalar], [expected.evaluation.loss], within: 1e-5, "evaluation's loss")
    }

    private func compare(_ tensor: Tensor, _ summary: Summary, _ what: String) {
        guard tensor.dtype != .int64 else {
            #expect(tensor.scalar == summary.sum, "\(what)")
            return
        }
        let values = tensor.doubles
        let sum = values.reduce(0, +)
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let tolerance = 2e-5 * max(summary.norm, 1e-6)
        #expect(abs(norm - summary.norm) <= tolerance, "\(what): norm \(norm), expected \(summary.norm)")
        // n errors of which the norm is so much add up to √n times as much at the most.
        #expect(
            abs(sum - summary.sum) <= tolerance * Double(values.count).squareRoot(),
            "\(what): sum \(sum), expected \(summary.sum)")
        #expect(summary.entries.count == min(5, values.count), "\(what)")
        for entry in summary.entries {
            #expect(abs(values[entry.index] - entry.value) <= tolerance, "\(what)[\(entry.index)]")
        }
    }
}
