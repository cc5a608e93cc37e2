import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryTensors
import AviaryTraining
import Testing

struct TrainingProfileTests {
    private func model() -> SmallImageResNet {
        var random = RandomStream(seed: 5, name: "initialisation")
        return SmallImageResNet(depth: 8, random: &random)
    }

    @Test func `each layer with parameters has rows by its path, forward and backward`() async throws {
        let model = model()
        let profile = try await tinyTrainer(tinyPlan(), model: model).profile(stepCount: 3, warmUpCount: 1)
        let expected = Set(model.parameterHolders.values.map(\.path))
        #expect(expected.contains("stages.2.0.conv1") && expected.contains("head"))
        for phase in [StepProfile.Phase.forward, .backward] {
            let found = profile.rows.filter { $0.phase == phase && $0.kind != nil }.map(\.layer)
            #expect(Set(found) == expected, "\(phase)")
        }
        #expect(profile.layers.first { $0.name == "stem.conv" }?.kind == "Convolution")
    }

    @Test func `data, loss, running statistics and optimizer are rows too`() async throws {
        var plan = tinyPlan()
        (plan.accumulation, plan.averageDecay, plan.maximumGradientNorm) = (2, 0.9, 1)
        plan.maximumGradient = 1
        let profile = try await tinyTrainer(plan, model: model()).profile(stepCount: 2, warmUpCount: 0)
        let parts = Set(profile.rows.filter { $0.kind == nil }.map { "\($0.layer) \($0.operation)" })
        #expect(
            parts.isSuperset(of: [
                "(data) batch", "(loss) cross entropy", "(accuracy) accuracy", "(buffers) buffer update",
                "(accumulation) sum of the gradients", "(clipping) clipping by value",
                "(clipping) norm of the gradients", "(optimizer) optimizer step", "(average) moving average",
                "(rest) elsewhere",
            ]), "\(parts)")
    }

    @Test func `rows of layers and of operations add up to the same, and no row is slower than the step`()
        async throws
    {
        let recorder = MemoryRecorder()
        let profile = try await tinyTrainer(tinyPlan(), recorder, model: model()).profile(stepCount: 5)
        let whole = profile.rows.reduce(0) { $0 + $1.figures.nanoseconds }
        #expect(profile.layers.reduce(0) { $0 + $1.figures.nanoseconds } == whole)
        #expect(profile.operations.reduce(0) { $0 + $1.figures.nanoseconds } == whole)
        let steps = recorder.series("profile/step_milliseconds")
        #expect(steps.count == 5 && profile.stepCount == 5 && profile.warmUpCount == 3)
        #expect(Double(profile.stepNanoseconds) / 1e6 == steps.sorted()[2])
        #expect(Double(profile.leastStepNanoseconds) / 1e6 == steps.min())
        let slowest = (steps.max() ?? 0) * 1e6
        #expect(profile.rows.allSatisfy { Double($0.figures.nanoseconds) <= slowest })
    }

    @Test func `products are those of the summary, twice, and again for each gradient`() async throws {
        let model = model()
        var plan = tinyPlan()
        plan.batchSize = 60
        let profile = try await tinyTrainer(plan, model: model).profile(stepCount: 1, warmUpCount: 0)
        for row in model.summary(inputShape: [60, 1, 12, 12]).rows {
            func flops(_ phase: StepProfile.Phase) -> Int {
                profile.rows.filter { $0.layer == row.path && $0.phase == phase }
                    .reduce(0) { $0 + $1.figures.flopCount }
            }
            #expect(flops(.forward) == 2 * row.multiplyAdds, "\(row.path)")
            // The images want no gradient.
            #expect(flops(.backward) == (row.path == "stem.conv" ? 2 : 4) * row.multiplyAdds, "\(row.path)")
        }
    }

    @Test(arguments: [Precision.f32, .bf16])
    func `a step with a profile leaves the same bytes as one without`(precision: Precision) async throws {
        func parameters(after run: (ImageTrainer) async throws -> Void) async throws -> [[Float]] {
            let model = model()
            var plan = tinyPlan { $0.epochCount = 1 }
            (plan.precision, plan.accumulation) = (precision, 2)
            try await run(tinyTrainer(plan, model: model, validates: false))
            return model.state.map { $0.value.cast(to: .f32).values(as: Float.self) }
        }
        // Four batches, two a step.
        let plain = try await parameters { try await $0.run() }
        let profiled = try await parameters { _ = try await $0.profile(stepCount: 1, warmUpCount: 1) }
        #expect(plain == profiled)
    }

    @Test func `the machine's limit takes half a second, and bounds what it bounds`() {
        let clock = ContinuousClock()
        var limit: MachineLimit?
        let duration = clock.measure { limit = MachineLimit.measured() }
        // Other tests keep the processors busy beside it.
        #expect(duration < .seconds(5))
        guard let limit else { return }
        #expect(limit.f32FlopRate > 1e8 && limit.bf16FlopRate > 1e7 && limit.byteRate > 1e8)
        let known = MachineLimit(f32FlopRate: 1e9, bf16FlopRate: 2e9, byteRate: 1e9)
        var figures = StepProfile.Figures()
        (figures.flopCount, figures.byteCount) = (4_000, 1_000)
        #expect(known.leastNanoseconds(figures, in: .f32) == 4_000)
        #expect(known.leastNanoseconds(figures, in: .bf16) == 2_000)
        figures.byteCount = 9_000
        #expect(known.leastNanoseconds(figures, in: .bf16) == 9_000)
    }

    @Test func `no images are refused`() async {
        let plan = tinyPlan()
        let trainer = ImageTrainer(
            TinyModel(), on: images(0, seed: 1), validation: images(0, seed: 2), plan: plan,
            recorder: MemoryRecorder())
        await #expect(throws: TrainingError.nothingToTrain) { _ = try await trainer.profile(stepCount: 1) }
    }
}
