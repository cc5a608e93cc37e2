import AviaryAutograd
import AviaryLayers
import AviaryTensors
import AviaryTestSupport
import AviaryTraining
import Testing

/// The loss scale against PyTorch's GradScaler (`Tests/Oracles/loss_scale.py`).
struct LossScaleTests {
    private struct Fixture: Decodable {
        struct Sequence: Decodable {
            let name, marks: String
            let start, growth, backoff: Double
            let interval: Int
            let scales: [Double]
            let counters: [Int]
            let stepped: [Bool]
        }
        let sequences: [Sequence]
    }

    /// A weight whose gradient is what a mark says: 1, infinity or NaN.
    private struct Weight: Module {
        let value = Parameter(Tensor([0 as Float], shape: [1]))

        func loss(_ pass: Pass, _ mark: Character) throws -> Variable {
            let gradients: [Character: Float] = [".": 1, "!": .infinity, "?": .nan]
            let gradient = try #require(gradients[mark])
            return pass.record(Tensor(1 as Float), from: [pass.use(value)]) { upstream in
                [Tensor([gradient * Float(upstream.scalar)], shape: [1])]
            }
        }
    }

    @Test func `moves as GradScaler does, and steps are made and skipped where it does`() throws {
        let sequences = try fixture("loss_scale", as: Fixture.self).sequences
        #expect(sequences.count == 7)
        for expected in sequences {
            let start = LossScale(
                start: expected.start, growthFactor: expected.growth, backoffFactor: expected.backoff,
                growthInterval: expected.interval, minimum: 0)
            let model = Weight()
            var plan = TrainingPlan()
            (plan.optimizer, plan.precision) = (.sgd(momentum: 0), .f16(start))
            var state = TrainingState(model, plan: plan)
            let step = TrainingStep(plan, model: model)
            #expect(!expected.marks.isEmpty && expected.marks.count == expected.stepped.count)
            for (index, mark) in expected.marks.enumerated() {
                let before = model.value.value.doubles
                let window = StepWindow(counts: [1]) { _, pass in try model.loss(pass, mark) }
                let outcome = try step.run(window, on: &state, rate: 1)
                let scale = try #require(state.lossScale)
                let what = "\(expected.name), step \(index)"
                #expect(scale.value == expected.scales[index], "\(what)")
                #expect(scale.goodStepCount == expected.counters[index], "\(what)")
                #expect((model.value.value.doubles != before) == expected.stepped[index], "\(what)")
                #expect(outcome.isSkipped != expected.stepped[index], "\(what)")
            }
            #expect(state.lossScale?.skippedStepCount == expected.stepped.count { !$0 })
        }
    }

    @Test func `begins as PyTorch's does`() {
        let scale = LossScale()
        #expect(scale.value == 65_536 && scale.growthFactor == 2 && scale.backoffFactor == 0.5)
        #expect(scale.growthInterval == 2000)
    }

    @Test func `does not fall below its least value, and says so`() throws {
        var scale = LossScale(start: 4, minimum: 2)
        try scale.noteSkippedStep()
        #expect(scale.value == 2)
        let error = #expect(throws: LossScaleError.self) { try scale.noteSkippedStep() }
        #expect(scale.value == 2)
        #expect(
            error?.description
                == "a gradient was not finite at a loss scale of 2.0, which may not fall below 2.0 "
                + "(2 steps were skipped)")
    }
}
