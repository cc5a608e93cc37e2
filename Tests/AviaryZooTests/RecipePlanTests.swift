import AviaryOptimizers
import AviaryRecipes
import AviaryTraining
import AviaryZoo
import Testing

/// What the trainer makes of a recipe.
struct RecipePlanTests {
    private func plan(_ settings: [String]) throws -> TrainingPlan {
        try Recipe.load("resnet8-fashion-mnist", settings: settings.map { "training." + $0 }).plan
    }

    @Test func `a recipe of before is the plan it was, by which its checkpoints are known`() throws {
        #expect(
            try Recipe.load("resnet8-fashion-mnist").plan.description
                == "TrainingPlan(epochCount: 6, batchSize: 64, learningRate: 0.1, "
                + "schedule: AviaryOptimizers.Schedule.oneCycle(warmUpShare: 0.3, startDivisor: 25.0, "
                + "endDivisor: 10000.0), momentum: 0.9, weightDecay: 0.0005, isNesterov: true, "
                + "labelSmoothing: 0.0, maximumGradientNorm: nil, "
                + "augmentation: AviaryDatasets.Augmentation(cropPadding: 0, flips: true), seed: 0, "
                + "checkpointInterval: 200)")
    }

    @Test(arguments: [("f32", Precision.f32), ("bf16", .bf16), ("f16", .f16(LossScale()))])
    func `precision and seed are chosen by a setting`(name: String, precision: Precision) throws {
        let plan = try plan(["precision=\(name)", "seed=1"])
        #expect(plan.precision == precision && plan.precision.name == name && plan.seed == 1)
    }

    @Test(arguments: [
        ("{kind: sgd, nesterov: true}", OptimizerPlan.sgd(isNesterov: true)),
        ("{kind: adam, betas: [0.5, 0.75]}", .adam(firstMomentDecay: 0.5, secondMomentDecay: 0.75)),
        ("{kind: adamw}", .adamw()), ("{kind: adagrad, rate-decay: 0.5}", .adagrad(rateDecay: 0.5)),
        ("{kind: rmsprop, momentum: 0.9, centered: true}", .rmsprop(momentum: 0.9, isCentered: true)),
    ])
    func `an optimizer has the settings that the recipe gives and else its own defaults`(
        section: String, optimizer: OptimizerPlan
    ) throws {
        #expect(try plan(["optimizer=" + section]).optimizer == optimizer)
    }

    @Test(arguments: [
        (["schedule=constant"], Schedule.constant),
        (["schedule=cosine", "end-share=0.5"], .cosine(endShare: 0.5)),
        (["schedule=step", "decay-every-steps=9"], .stepDecay(interval: 9, factor: 0.1)),
        (["schedule=linear", "start-share=0.5"], .linear(startShare: 0.5, endShare: 0)),
        (["schedule=polynomial", "power=3"], .polynomial(power: 3)), (["schedule=plateau"], .constant),
        (
            ["schedule=plateau", "warm-up-steps=5", "warm-up-start-share=0.5"],
            .warmUp(stepCount: 5, startShare: 0.5, next: .constant)
        ),
    ])
    func `a schedule is that of the optimizers`(settings: [String], schedule: Schedule) throws {
        let plan = try plan(settings)
        #expect(plan.schedule == schedule)
        #expect((plan.plateau != nil) == settings.contains("schedule=plateau"))
    }

    @Test func `accumulation, clipping, averages and plateau are handed on`() throws {
        let plan = try plan([
            "accumulation=4", "clip-norm=2", "clip-value=0.5", "ema-decay=0.9", "schedule=plateau",
            "plateau.metric=accuracy", "plateau.factor=0.5", "plateau.patience=3", "plateau.threshold=0.01",
            "plateau.cooldown=2", "plateau.minimum-rate=0.001",
        ])
        #expect(plan.accumulation == 4 && plan.averageDecay == 0.9)
        #expect(plan.maximumGradientNorm == 2 && plan.maximumGradient == 0.5)
        var plateau = PlateauPlan()
        (plateau.metric, plateau.factor, plateau.patience) = (.accuracy, 0.5, 3)
        (plateau.threshold, plateau.cooldown, plateau.minimumRate) = (0.01, 2, 0.001)
        #expect(plan.plateau == plateau)
    }
}
