import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import Testing

/// Ten training steps of a small model of each family's kind against PyTorch.
///
/// `Tests/Oracles/family_steps.py` has the formulas of weights and batches.
struct FamilyStepTests {
    private struct Family: Decodable {
        struct Watched: Decodable {
            let key: String
            let first, last: Double
        }
        let parameterCount: Int
        let keys: [String]
        let rates, losses: [Double]
        let watched: [Watched]
    }

    private struct Fixture: Decodable {
        let convolutional, encoder, detector, towers: Family
    }

    /// How a family is trained.
    private struct Training {
        let optimizer: any Optimizer
        var schedule = Schedule.constant
        let peak: Double
        var maximumNorm: Double?
    }

    private let expected: Fixture

    init() throws {
        expected = try fixture("family_steps", as: Fixture.self)
    }

    @Test func `a convolutional network learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = SmallImageResNet(depth: 8, random: &random)
        let training = Training(
            optimizer: SGD(model.parameters, momentum: 0.9, weightDecay: 1e-4, isNesterov: true),
            schedule: .oneCycle(), peak: 0.05)
        try check(model, training, expected.convolutional) { pass, step in
            let logits = model(pass.input(FamilyBatch(step).images([8, 1, 28, 28])))
            let labels = Tensor((0..<8).map { Int64((3 * $0 + step) % 10) }, shape: [8])
            return softmaxCrossEntropy(logits, labels: labels, smoothing: 0.1)
        }
    }

    @Test func `a transformer's encoder learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = MaskedLanguageModel(random: &random)
        let split = model.weightDecaySplit
        let optimizer = AdamW(
            groups: [
                ParameterGroup("weights", split.decayed),
                ParameterGroup("biases and norms", split.exempt, weightDecay: 0),
            ], weightDecay: 0.01)
        let training = Training(
            optimizer: optimizer, schedule: .warmUp(stepCount: 2, startShare: 0, next: .linear()), peak: 1e-3,
            maximumNorm: 1)
        try check(model, training, expected.encoder) { pass, step in
            model.loss(FamilyBatch(step).hiddenWords(lengths: [12, 9, 7, 12]), in: pass)
        }
    }

    @Test func `a detector with a set loss learns as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = SmallDETR(random: &random)
        let optimizer = AdamW(
            groups: [
                ParameterGroup("transformer", model.parameters { !$0.key.hasPrefix("backbone.") }),
                ParameterGroup(
                    "backbone", model.parameters { $0.key.hasPrefix("backbone.") }, rateFactor: 0.1),
            ], weightDecay: 1e-4)
        let training = Training(optimizer: optimizer, peak: 1e-3, maximumNorm: 0.1)
        try check(model, training, expected.detector) {
            fillStatistics(of: model)
            let queries = model.queries.weight
            queries.value = Tensor(
                queries.value.values(as: Float.self).map { 8 * $0 }, shape: queries.value.shape)
        } loss: { pass, step in
            let batch = FamilyBatch(52 + step)
            let mask = batch.mask([(16, 16), (16, 12), (12, 16)], height: 16, width: 16)
            let targets = batch.targets([0, 1, 2].map { [2, 0, 3][(step + $0) % 3] })
            let images = batch.images([3, 3, 16, 16], where: mask)
            let losses = try model(pass.input(images), mask: mask).map { try SetLoss()($0, targets) }
            return losses.dropFirst().reduce(losses[0], +)
        }
    }

    @Test func `two towers over tables learn as in PyTorch`() throws {
        var random = RandomStream(seed: 0, name: "initialisation")
        let model = TwoTower(random: &random)
        let training = Training(optimizer: Adam(model.parameters), peak: 1e-2)
        try check(model, training, expected.towers) { pass, step in
            let ids = FamilyBatch(step).ids(below: [50, 7, 80, 11], count: 16)
            return model.loss(users: Array(ids[..<2]), items: Array(ids[2...]), in: pass)
        }
    }

    /// Losses within 1e-4, and norms of gradients within 1e-3.
    ///
    /// After ten steps PyTorch's own f32 lies up to 4e-7 from f64 in its losses and 3e-5 in its norms
    /// ("float32Deviation" of the fixture): an Adam divides gradients by their size, those that are nearly nothing
    /// as well. The bounds leave room for sums in another order.
    private func check(
        _ model: some Module, _ training: Training, _ expected: Family, prepare: () throws -> Void = {},
        loss lossOf: (Pass, Int) throws -> Variable
    ) throws {
        #expect(model.state.map(\.key) == expected.keys)
        #expect(model.parameterCount == expected.parameterCount)
        let named = FormulaNumbers.fill(model.state)
        try prepare()
        #expect(expected.losses.count == 10 && !expected.watched.isEmpty)
        for step in expected.losses.indices {
            let rate = training.schedule.rate(peak: training.peak, step: step, of: expected.losses.count)
            #expect(abs(rate - expected.rates[step]) <= 1e-9 * training.peak, "rate of step \(step)")
            let pass = Pass(.training, step: UInt32(step))
            let loss = try lossOf(pass, step)
            expectClose(
                [loss.tensor.scalar], [expected.losses[step]], within: 1e-4, "loss of step \(step)")
            let gradients = loss.backward()
            for watched in expected.watched where step == 0 || step == expected.losses.count - 1 {
                let parameter = try #require(named.first { $0.key == watched.key }).parameter
                let values = try #require(gradients[parameter]).doubles
                let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                expectClose(
                    [norm], [step == 0 ? watched.first : watched.last], within: 1e-3,
                    "norm of \(watched.key)'s gradient in step \(step)")
            }
            let factor = training.maximumNorm.map {
                clippingFactor(gradients, of: model.parameters, maximumNorm: $0)
            }
            training.optimizer.step(gradients, rate: rate, gradientScale: factor ?? 1)
            pass.applyBufferUpdates()
        }
    }

    /// Running means and variances, numbered among themselves.
    private func fillStatistics(of model: some Module) {
        var stream: UInt64 = 500
        for entry in model.state {
            guard case .buffer(let buffer) = entry.holder, buffer.value.dtype == .f32 else { continue }
            let shift: Double = entry.key.hasSuffix("var") ? 1 : 0
            let values = FormulaNumbers.uniforms(stream, buffer.value.count)
                .map { Float(shift + 0.2 * (2 * $0 - 1)) }
            buffer.value = Tensor(values, shape: buffer.value.shape)
            stream += 1
        }
    }
}
