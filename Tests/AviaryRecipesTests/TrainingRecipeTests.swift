import AviaryRecipes
import Testing

/// The keys under `training`: what can be chosen, how it is written down, and what is refused.
struct TrainingRecipeTests {
    private func load(_ settings: [String]) throws(RecipeError) -> Recipe {
        try Recipe.load("mlp-fashion-mnist", settings: settings.map { "training." + $0 })
    }

    @Test(arguments: [
        ([], TrainingRecipe.Schedule.oneCycle(warmUpShare: 0.3)),
        (["schedule=constant"], .constant), (["schedule=cosine"], .cosine(endShare: 0)),
        (["schedule=cosine", "end-share=0.1"], .cosine(endShare: 0.1)),
        (["schedule=step", "decay-every-steps=30"], .step(everySteps: 30, factor: 0.1)),
        (["schedule=linear"], .linear(startShare: 1, endShare: 0)),
        (["schedule=one-cycle", "warm-up-share=0.5"], .oneCycle(warmUpShare: 0.5)),
        (["schedule=polynomial", "power=2"], .polynomial(power: 2)),
    ])
    func `every schedule reads back as itself`(
        settings: [String], schedule: TrainingRecipe.Schedule
    ) throws {
        let recipe = try load(settings)
        #expect(recipe.training.schedule == schedule)
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    @Test(arguments: [
        ("{}", TrainingRecipe.Optimizer.sgd(momentum: 0.9, weightDecay: 0, nesterov: false)),
        (
            "{kind: sgd, momentum: 0.5, weight-decay: 0.1, nesterov: true}",
            .sgd(momentum: 0.5, weightDecay: 0.1, nesterov: true)
        ),
        (
            "{kind: adam, betas: [0.5, 0.75]}",
            .adam(betas: .init(first: 0.5, second: 0.75), epsilon: 1e-8, weightDecay: 0)
        ),
        (
            "{kind: adamw, epsilon: 1e-6}",
            .adamw(betas: .init(first: 0.9, second: 0.999), epsilon: 1e-6, weightDecay: 0.01)
        ),
        (
            "{kind: adagrad, rate-decay: 0.1, initial-sum: 0.5}",
            .adagrad(rateDecay: 0.1, initialSum: 0.5, epsilon: 1e-10, weightDecay: 0)
        ),
        (
            "{kind: rmsprop, smoothing: 0.9, centered: true, momentum: 0.5}",
            .rmsprop(smoothing: 0.9, epsilon: 1e-8, momentum: 0.5, centered: true, weightDecay: 0)
        ),
    ])
    func `every optimizer reads back as itself`(section: String, optimizer: TrainingRecipe.Optimizer) throws {
        let recipe = try load(["optimizer=" + section])
        #expect(recipe.training.optimizer == optimizer)
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    @Test func `everything else that can be chosen reads back as itself`() throws {
        let recipe = try load([
            "accumulation=4", "clip-value=0.5", "clip-norm=2", "ema-decay=0.99", "precision=bf16",
            "schedule=cosine", "warm-up-steps=100", "warm-up-start-share=0.1", "seed=1",
        ])
        #expect(recipe.training.accumulation == 4 && recipe.training.clipValue == 0.5)
        #expect(recipe.training.emaDecay == 0.99 && recipe.training.precision == .bf16)
        #expect(recipe.training.warmUp?.steps == 100 && recipe.training.warmUp?.startShare == 0.1)
        #expect(recipe.params["training.precision"] == "bf16" && recipe.params["training.seed"] == "1")
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    @Test(arguments: ["{kind: adam", "{kind: adam, kind: sgd}"])
    func `a value that is not YAML is told what is wrong with it`(value: String) {
        let error = #expect(throws: RecipeError.self) { _ = try load(["optimizer=\(value)"]) }
        let start = "--set training.optimizer=\(value) has a value that is not YAML: "
        let text = error?.description ?? ""
        #expect(text.hasPrefix(start) && text.count > start.count, "\(text)")
        #expect(!text.contains("KEY=VALUE"), "\(text)")
    }

    @Test(arguments: ["", "null"])
    func `an empty value leaves out whatever has a default`(empty: String) throws {
        let keys = [
            "batch-size", "label-smoothing", "schedule", "precision", "optimizer.kind", "optimizer.nesterov",
            "optimizer.momentum", "optimizer.weight-decay",
        ]
        let recipe = try load(keys.map { "\($0)=\(empty)" })
        #expect(recipe.training.batchSize == 128 && recipe.training.labelSmoothing == 0)
        #expect(recipe.training.schedule == .oneCycle(warmUpShare: 0.3))
        #expect(recipe.training.precision == .f32)
        #expect(recipe.training.optimizer == .sgd(momentum: 0.9, weightDecay: 0, nesterov: false))
        let adam = try load(["optimizer={kind: adam, betas: \(empty)}"]).training.optimizer
        #expect(adam == .adam(betas: .init(first: 0.9, second: 0.999), epsilon: 1e-8, weightDecay: 0))
    }

    @Test func `a plateau reads back as itself, with what is left out by default`() throws {
        let recipe = try load(["schedule=plateau", "plateau.metric=accuracy", "plateau.patience=2"])
        guard case .plateau(let plateau) = recipe.training.schedule else {
            Issue.record("the schedule is \(recipe.training.schedule)")
            return
        }
        #expect(plateau.metric == .accuracy && plateau.patience == 2 && plateau.factor == 0.1)
        #expect(plateau.threshold == 1e-4 && plateau.cooldown == 0 && plateau.minimumRate == 0)
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    @Test func `the params of a recipe of before are what they were`() throws {
        let keys = try Recipe.load("resnet8-fashion-mnist").params.keys.filter { $0.hasPrefix("training.") }
        #expect(
            keys.sorted() == [
                "training.batch-size", "training.checkpoint-every-steps", "training.epochs",
                "training.label-smoothing", "training.learning-rate", "training.optimizer.momentum",
                "training.optimizer.nesterov", "training.optimizer.weight-decay", "training.schedule",
                "training.seed", "training.warm-up-share",
            ])
    }

    @Test(arguments: [
        (
            ["optimizer.kind=adam"],
            "'training.optimizer.momentum' is no key of this recipe; there are training.optimizer.kind, "
                + "training.optimizer.betas, training.optimizer.epsilon, training.optimizer.weight-decay"
        ),
        (
            ["optimizer.betas=[0.9, 0.99]"],
            "'training.optimizer.betas' is no key of this recipe; there are training.optimizer.kind, "
                + "training.optimizer.momentum, training.optimizer.weight-decay, training.optimizer.nesterov"
        ),
        (
            ["optimizer.momentum=0", "optimizer.nesterov=true"],
            "'training.optimizer.momentum' is 0.0; it takes a number above 0 where training.optimizer.nesterov is true"
        ),
        (
            ["optimizer.kind=lion"],
            "'training.optimizer.kind' is 'lion'; it takes one of sgd, adam, adamw, adagrad, rmsprop"
        ),
        (
            ["optimizer={kind: adamw, betas: 0.9}"],
            "'training.optimizer.betas' is '0.9'; it takes two numbers in 0.0...0.999999, as [0.9, 0.999]"
        ),
        (
            ["optimizer={kind: adamw, betas: [0.9, 1]}"],
            "'training.optimizer.betas' is a list; it takes two numbers in 0.0...0.999999, as [0.9, 0.999]"
        ),
        (
            ["optimizer.kind=rmsprop", "optimizer.smoothing=1"],
            "'training.optimizer.smoothing' is '1'; it takes a number in 0.0...0.999999"
        ),
        (
            ["schedule=step"],
            "'training.decay-every-steps' is missing; it takes a whole number in 1...1000000000"
        ),
        (
            ["schedule=plateau", "plateau.metric=f1"],
            "'training.plateau.metric' is 'f1'; it takes one of loss, accuracy"
        ),
        (
            ["schedule=plateau", "plateau.factor=1"],
            "'training.plateau.factor' is '1'; it takes a number in 0.0...0.999"
        ),
        (
            ["warm-up-steps=10"],
            "'training.warm-up-steps' is no key of this recipe; there are training.epochs, "
                + "training.batch-size, training.accumulation, training.seed, training.learning-rate, "
                + "training.schedule, training.warm-up-share, training.optimizer, training.label-smoothing, "
                + "training.clip-norm, training.clip-value, training.ema-decay, training.precision, "
                + "training.checkpoint-every-steps, training.threads"
        ),
        (["accumulation=0"], "'training.accumulation' is '0'; it takes a whole number in 1...65535"),
        (["ema-decay=1"], "'training.ema-decay' is '1'; it takes a number in 0.0...0.999999"),
        (["clip-value=0"], "'training.clip-value' is '0'; it takes a number in 1e-06...1000000.0"),
        (["precision=fp16"], "'training.precision' is 'fp16'; it takes one of f32, bf16, f16"),
    ])
    func `a mistake names the key, what was given and what would fit`(settings: [String], message: String) {
        let error = #expect(throws: RecipeError.self) { _ = try load(settings) }
        #expect(error?.description == message)
    }
}
