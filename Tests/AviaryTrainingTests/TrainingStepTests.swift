import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors
import AviaryTestSupport
import AviaryTraining
import Testing

struct TrainingStepTests {
    /// A perceptron in double precision.
    private struct Perceptron: Layer {
        let first: Parameter
        let second: Parameter

        init() {
            var random = RandomStream(seed: 1, name: "initialisation")
            first = Parameter(random.uniformTensor([6, 5], bound: 1).cast(to: .f64))
            second = Parameter(random.uniformTensor([3, 6], bound: 1).cast(to: .f64))
        }

        func callAsFunction(_ x: Variable) -> Variable {
            linear(
                sigmoid(linear(x, weight: x.pass.use(first), bias: nil)), weight: x.pass.use(second),
                bias: nil)
        }
    }

    private let inputs: Tensor
    private let labels: [Int64] = [0, 2, 1, 1, 0, 2, 2, 0, 1, 0, 2, 1]

    init() {
        var random = RandomStream(seed: 2, name: "inputs")
        inputs = random.uniformTensor([12, 5], bound: 2).cast(to: .f64)
    }

    /// The twelve rows, cut into micro-batches of these sizes.
    private func window(_ model: any Layer, _ counts: [Int]) -> StepWindow {
        let rows = inputs.values(as: Double.self)
        return StepWindow(counts: counts) { index, pass in
            let start = counts[..<index].reduce(0, +)
            let range = start..<start + counts[index]
            let part = Tensor(
                Array(rows[range.lowerBound * 5..<range.upperBound * 5]), shape: [range.count, 5])
            return softmaxCrossEntropy(
                model(pass.input(part)), labels: Tensor(Array(labels[range]), shape: [range.count]))
        }
    }

    private func stepped(_ counts: [Int], _ plan: TrainingPlan) throws -> (loss: Double, values: [Double]) {
        let model = Perceptron()
        var state = TrainingState(model, plan: plan)
        let outcome = try TrainingStep(plan, model: model).run(window(model, counts), on: &state, rate: 0.5)
        #expect(state.step == 1 && !outcome.isSkipped)
        let loss = try #require(outcome.loss)
        return (loss, model.first.value.doubles + model.second.value.doubles)
    }

    @Test(arguments: [[4, 4, 4], [5, 6, 1], [1, 11], [2, 2, 2, 2, 2, 2], [0, 7, 0, 5, 0]], [nil, 1e-2])
    func `micro-batches of any sizes step as one batch of all their elements`(
        counts: [Int], maximumNorm: Double?
    ) throws {
        var plan = TrainingPlan()
        plan.optimizer = .sgd(momentum: 0)
        plan.maximumGradientNorm = maximumNorm
        let (whole, parts) = (try stepped([12], plan), try stepped(counts, plan))
        expectClose([parts.loss], [whole.loss], within: 1e-12, "loss")
        // Sums of doubles in another order.
        expectClose(parts.values, whole.values, within: 1e-12, "parameters")
        let before = Perceptron()
        #expect(whole.values != before.first.value.doubles + before.second.value.doubles)
    }

    @Test func `gradients are clipped by value before they are clipped by norm`() throws {
        var plan = TrainingPlan()
        plan.optimizer = .sgd(momentum: 0)
        (plan.maximumGradient, plan.maximumGradientNorm) = (1e-3, 1e6)
        let before = Perceptron()
        let values = before.first.value.doubles + before.second.value.doubles
        let moved = zip(try stepped([12], plan).values, values).map { abs($0 - $1) }
        // A rate of 0.5 times the limit.
        #expect((moved.max() ?? 0) <= 0.5001e-3 && (moved.max() ?? 0) > 0.4999e-3)
        plan.maximumGradientNorm = 1e-4
        let shorter = zip(try stepped([12], plan).values, values).map { $0 - $1 }
        let norm = shorter.reduce(0) { $0 + $1 * $1 }.squareRoot()
        expectClose([norm], [0.5 * 1e-4], within: 2e-2, "norm")  // 1e-6 stand beside a norm of some 1e-3
    }

    @Test(arguments: [([6, 6], [0, 1]), ([0, 6, 0, 6], [1, 3])] as [([Int], [UInt32])])
    func `each micro-batch draws from streams of its own, and none without elements is asked for its loss`(
        counts: [Int], streams: [UInt32]
    ) throws {
        var drawn: [UInt32] = []
        let model = Perceptron()
        let plain = window(model, counts)
        let watched = StepWindow(counts: counts) { index, pass in
            drawn.append(pass.microStep)
            return try plain.loss(index, pass)
        }
        let plan = TrainingPlan()
        var state = TrainingState(model, plan: plan)
        _ = try TrainingStep(plan, model: model).run(watched, on: &state, rate: 0.1)
        #expect(drawn == streams)
    }

    @Test(arguments: [Precision.f32, .f16(LossScale(start: 64))], [[], [0], [0, 0, 0]])
    func `a window without elements takes no step, and the training goes on behind it`(
        precision: Precision, counts: [Int]
    ) throws {
        let model = Perceptron()
        var plan = TrainingPlan()
        (plan.optimizer, plan.averageDecay, plan.precision) = (.adam(), 0.9, precision)
        var state = TrainingState(model, plan: plan)
        let before = model.stateDictionary().mapValues(\.doubles)
        let nothing = StepWindow(counts: counts) { _, pass in
            Issue.record("the loss of nothing was asked for")
            return pass.input(Tensor(Double.nan))
        }
        let outcome = try TrainingStep(plan, model: model).run(nothing, on: &state, rate: 0.1)
        #expect(outcome.loss == nil && !outcome.isSkipped)
        #expect(state.step == 1 && state.average?.updateCount == 0)
        #expect(state.optimizer.state["stepCount.0"]?.scalar == 0)
        #expect(state.lossScale?.goodStepCount ?? 0 == 0 && state.lossScale?.skippedStepCount ?? 0 == 0)
        #expect(model.stateDictionary().mapValues(\.doubles) == before)
        let next = try TrainingStep(plan, model: model).run(window(model, [12]), on: &state, rate: 0.1)
        #expect(next.loss?.isFinite == true && state.step == 2)
        #expect(model.stateDictionary().mapValues(\.doubles) != before)
    }

    /// The scale has nothing to do with it: it is looked at before it is scaled.
    @Test(arguments: [Double.infinity, .nan])
    func `a loss that is no number stops the training in half precision too, whatever the scale`(
        loss: Double
    ) throws {
        let model = Perceptron()
        var plan = TrainingPlan()
        plan.precision = .f16(LossScale(start: 65_536))
        var state = TrainingState(model, plan: plan)
        let before = model.stateDictionary().mapValues(\.doubles)
        let plain = window(model, [6, 6])
        let lost = StepWindow(counts: [6, 6]) { index, pass in
            let part = try plain.loss(index, pass)
            return index == 1 ? part * loss : part
        }
        let error = #expect(throws: Divergence.self) {
            _ = try TrainingStep(plan, model: model).run(lost, on: &state, rate: 0.1)
        }
        #expect(error?.description == "the loss became \(loss)")
        #expect(state.step == 0)
        #expect(state.lossScale?.value == 65_536 && state.lossScale?.skippedStepCount == 0)
        #expect(model.stateDictionary().mapValues(\.doubles) == before)
    }

    /// A residual network in half precision, whose gradients overflow at this scale.
    private func scaledStep(
        _ scale: LossScale
    ) throws -> (before: [String: Tensor], state: TrainingState, outcome: StepOutcome) {
        var random = RandomStream(seed: 5, name: "initialisation")
        let model = SmallImageResNet(depth: 8, random: &random)
        var plan = TrainingPlan()
        plan.optimizer = .adam()
        (plan.precision, plan.averageDecay) = (.f16(scale), 0.9)
        var state = TrainingState(model, plan: plan)
        let before = model.stateDictionary()
        let pixels = random.uniformTensor([4, 1, 8, 8], bound: 1)
        let window = StepWindow(counts: [2, 2]) { index, pass in
            let part = Tensor(
                Array(pixels.values(as: Float.self)[index * 128..<(index + 1) * 128]), shape: [2, 1, 8, 8])
            return softmaxCrossEntropy(
                model(pass.input(part)), labels: Tensor([Int64(index), 3], shape: [2]))
        }
        let outcome = try TrainingStep(plan, model: model).run(window, on: &state, rate: 0.01)
        return (before, state, outcome)
    }

    @Test func `a step whose scaled gradients overflow changes nothing but the scale and the step`() throws {
        let (before, state, outcome) = try scaledStep(LossScale(start: 0x1p40))
        #expect(outcome.isSkipped && outcome.loss?.isFinite == true)
        #expect(state.step == 1 && state.average?.updateCount == 0)
        #expect(state.lossScale?.value == 0x1p39 && state.lossScale?.skippedStepCount == 1)
        for (key, value) in state.model.stateDictionary() {
            #expect(value.cast(to: .f64).doubles == before[key]?.cast(to: .f64).doubles, "\(key)")
        }
        #expect(state.optimizer.state["stepCount.0"]?.scalar == 0)
    }

    @Test func `a step whose scaled gradients are finite is made`() throws {
        let (before, state, outcome) = try scaledStep(LossScale(start: 1024))
        #expect(!outcome.isSkipped)
        #expect(state.step == 1 && state.average?.updateCount == 1)
        #expect(state.lossScale?.value == 1024 && state.lossScale?.goodStepCount == 1)
        #expect(state.optimizer.state["stepCount.0"]?.scalar == 1)
        let after = state.model.stateDictionary()
        #expect(after["head.weight"]?.doubles != before["head.weight"]?.doubles)
        #expect(after["stem.norm.num_batches_tracked"]?.scalar == 2, "one batch for each micro-batch")
    }

    @Test func `an overflow at the least scale is an error that says so`() throws {
        let error = #expect(throws: Divergence.self) {
            _ = try scaledStep(LossScale(start: 0x1p40, minimum: 0x1p40))
        }
        #expect(error?.description.contains("may not fall below 1099511627776.0") == true)
    }
}
