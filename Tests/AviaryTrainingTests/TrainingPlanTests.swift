import AviaryAutograd
import AviaryDatasets
import AviaryLayers
import AviaryOptimizers
import AviaryTestSupport
import AviaryTraining
import Testing

struct TrainingPlanTests {
    @Test func `a plan without later choices is described as it always was`() {
        var plan = TrainingPlan()
        plan.maximumGradientNorm = 1
        #expect(
            plan.description
                == "TrainingPlan(epochCount: 1, batchSize: 128, learningRate: 0.1, "
                + "schedule: AviaryOptimizers.Schedule.oneCycle(warmUpShare: 0.3, startDivisor: 25.0, "
                + "endDivisor: 10000.0), momentum: 0.9, weightDecay: 0.0, isNesterov: false, "
                + "labelSmoothing: 0.0, maximumGradientNorm: Optional(1.0), "
                + "augmentation: AviaryDatasets.Augmentation(cropPadding: 0, flips: false), seed: 0, "
                + "checkpointInterval: 200)")
        plan.maximumGradientNorm = nil
        #expect(plan.description.contains("maximumGradientNorm: nil, "))
    }

    @Test func `every setting is in the description`() {
        let changes: [(inout TrainingPlan) -> Void] = [
            { $0.epochCount = 2 }, { $0.batchSize = 2 }, { $0.learningRate = 2 }, { $0.schedule = .constant },
            { $0.schedule = .cosine() }, { $0.plateau = PlateauPlan() },
            {
                $0.plateau = PlateauPlan()
                $0.plateau?.patience = 3
            }, { $0.optimizer = .sgd(momentum: 0) }, { $0.optimizer = .sgd(weightDecay: 1) },
            { $0.optimizer = .sgd(isNesterov: true) }, { $0.optimizer = .adam() },
            { $0.optimizer = .adam(epsilon: 1) }, { $0.optimizer = .adamw() }, { $0.optimizer = .adagrad() },
            { $0.optimizer = .rmsprop() }, { $0.optimizer = .rmsprop(isCentered: true) },
            { $0.labelSmoothing = 0.1 }, { $0.maximumGradient = 1 }, { $0.maximumGradientNorm = 1 },
            { $0.accumulation = 2 }, { $0.averageDecay = 0.5 }, { $0.precision = .bf16 },
            { $0.precision = .f16() }, { $0.precision = .f16(LossScale(start: 8)) },
            { $0.augmentation = Augmentation(cropPadding: 0, flips: true) }, { $0.seed = 2 },
            { $0.checkpointInterval = 2 },
        ]
        let descriptions = changes.map { change in
            var plan = TrainingPlan()
            change(&plan)
            return plan.description
        }
        #expect(Set(descriptions + [TrainingPlan().description]).count == changes.count + 1)
    }

    @Test(arguments: [
        (images: 60, batch: 16, accumulation: 1, steps: 4), (60, 16, 3, 2), (60, 16, 4, 1), (60, 16, 9, 1),
        (64, 16, 2, 2), (0, 16, 2, 0),
    ])
    func `the last step of an epoch may be shorter`(images: Int, batch: Int, accumulation: Int, steps: Int) {
        var plan = TrainingPlan()
        (plan.batchSize, plan.accumulation) = (batch, accumulation)
        #expect(plan.stepsPerEpoch(imageCount: images) == steps)
    }

    @Test func `accumulated batches train as the greater batch they make`() async throws {
        // 60 images: 24, 24, 12 as eights by threes and the last two of eight and four.
        let plan = tinyPlan { ($0.batchSize, $0.learningRate) = (24, 0.05) }
        var accumulating = plan
        (accumulating.batchSize, accumulating.accumulation) = (8, 3)
        let (model, other) = (TinyModel(dropout: 0), TinyModel(dropout: 0))
        let (recorder, otherRecorder) = (MemoryRecorder(), MemoryRecorder())
        try await tinyTrainer(plan, recorder, model: model).run()
        try await tinyTrainer(accumulating, otherRecorder, model: other).run()
        for key in ["train/loss", "train/accuracy", "validation/loss"] {
            // Nine steps in single precision, sums in another order.
            expectClose(otherRecorder.series(key), recorder.series(key), within: 1e-5, key)
        }
        expectClose(
            other.first.weight.value.doubles, model.first.weight.value.doubles, within: 1e-5, "weights")
    }
}
