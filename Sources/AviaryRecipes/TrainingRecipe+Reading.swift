extension TrainingRecipe {
    init(_ reader: RecipeReader) throws(RecipeError) {
        epochs = try reader.integer("training.epochs", in: 1...100_000)
        batchSize = try reader.integer("training.batch-size", in: 1...65_536, default: 128)
        accumulation = try reader.integer("training.accumulation", in: 1...65_535, default: 1)
        seed = try reader.integer("training.seed", in: 0...Int(Int32.max), default: 0)
        learningRate = try reader.number("training.learning-rate", in: 0...1000)
        schedule = try Schedule(reader)
        warmUp = try WarmUp(reader, before: schedule)
        optimizer = try Optimizer(reader)
        labelSmoothing = try reader.number("training.label-smoothing", in: 0...0.99, default: 0)
        clipNorm = try reader.optionalNumber("training.clip-norm", in: 1e-6...1e6)
        clipValue = try reader.optionalNumber("training.clip-value", in: 1e-6...1e6)
        emaDecay = try reader.optionalNumber("training.ema-decay", in: 0...0.999_999)
        precision = try reader.choice("training.precision", Precision.self, default: .f32)
        checkpointEverySteps = try reader.integer(
            "training.checkpoint-every-steps", in: 1...1_000_000, default: 200)
        threads = try reader.optionalInteger("training.threads", in: 1...1024)
    }
}

extension TrainingRecipe.Schedule {
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        switch try reader.choice("training.schedule", Kind.self, default: .oneCycle) {
        case .constant: self = .constant
        case .cosine: self = .cosine(endShare: try Self.endShare(reader))
        case .step:
            self = .step(
                everySteps: try reader.integer("training.decay-every-steps", in: 1...1_000_000_000),
                factor: try reader.number("training.decay-factor", in: 0...1, default: 0.1))
        case .linear:
            self = .linear(
                startShare: try reader.number("training.start-share", in: 0...1, default: 1),
                endShare: try Self.endShare(reader))
        case .oneCycle:
            self = .oneCycle(
                warmUpShare: try reader.number("training.warm-up-share", in: 0.01...0.99, default: 0.3))
        case .polynomial:
            self = .polynomial(power: try reader.number("training.power", in: 0...100, default: 1))
        case .plateau: self = .plateau(try TrainingRecipe.Plateau(reader))
        }
    }

    private static func endShare(_ reader: RecipeReader) throws(RecipeError) -> Double {
        try reader.number("training.end-share", in: 0...1, default: 0)
    }
}

extension TrainingRecipe.Plateau {
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        metric = try reader.choice("training.plateau.metric", Metric.self, default: .loss)
        factor = try reader.number("training.plateau.factor", in: 0...0.999, default: 0.1)
        patience = try reader.integer("training.plateau.patience", in: 0...100_000, default: 10)
        threshold = try reader.number("training.plateau.threshold", in: 0...0.999, default: 1e-4)
        cooldown = try reader.integer("training.plateau.cooldown", in: 0...100_000, default: 0)
        minimumRate = try reader.number("training.plateau.minimum-rate", in: 0...1000, default: 0)
    }
}

extension TrainingRecipe.WarmUp {
    fileprivate init?(
        _ reader: RecipeReader, before schedule: TrainingRecipe.Schedule
    ) throws(RecipeError) {
        if case .oneCycle = schedule { return nil }  // it has training.warm-up-share
        let steps = try reader.integer("training.warm-up-steps", in: 0...1_000_000_000, default: 0)
        let share = try reader.number("training.warm-up-start-share", in: 0...1, default: 1.0 / 3)
        guard steps > 0 else { return nil }
        self.init(steps: steps, startShare: share)
    }
}

extension TrainingRecipe.Optimizer {
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        switch try reader.choice("training.optimizer.kind", Kind.self, default: .sgd) {
        case .sgd:
            let momentum = try Self.momentum(reader, default: 0.9)
            let weightDecay = try Self.weightDecay(reader)
            let nesterov = try reader.flag("training.optimizer.nesterov", default: false)
            guard !nesterov || momentum > 0 else {
                throw .wrongValue(
                    key: "training.optimizer.momentum", given: "\(momentum)",
                    wanted: "a number above 0 where training.optimizer.nesterov is true")
            }
            self = .sgd(momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
        case .adam:
            self = .adam(
                betas: try TrainingRecipe.Betas(reader), epsilon: try Self.epsilon(reader),
                weightDecay: try Self.weightDecay(reader))
        case .adamw:
            self = .adamw(
                betas: try TrainingRecipe.Betas(reader), epsilon: try Self.epsilon(reader),
                weightDecay: try Self.weightDecay(reader, default: 0.01))
        case .adagrad:
            self = .adagrad(
                rateDecay: try reader.number("training.optimizer.rate-decay", in: 0...1000, default: 0),
                initialSum: try reader.number("training.optimizer.initial-sum", in: 0...1000, default: 0),
                epsilon: try Self.epsilon(reader, default: 1e-10), weightDecay: try Self.weightDecay(reader))
        case .rmsprop:
            self = .rmsprop(
                smoothing: try reader.number(
                    "training.optimizer.smoothing", in: 0...0.999_999, default: 0.99),
                epsilon: try Self.epsilon(reader), momentum: try Self.momentum(reader, default: 0),
                centered: try reader.flag("training.optimizer.centered", default: false),
                weightDecay: try Self.weightDecay(reader))
        }
    }

    private static func momentum(
        _ reader: RecipeReader, default standard: Double
    ) throws(RecipeError) -> Double {
        try reader.number("training.optimizer.momentum", in: 0...1, default: standard)
    }

    private static func weightDecay(
        _ reader: RecipeReader, default standard: Double = 0
    ) throws(RecipeError) -> Double {
        try reader.number("training.optimizer.weight-decay", in: 0...1, default: standard)
    }

    private static func epsilon(
        _ reader: RecipeReader, default standard: Double = 1e-8
    ) throws(RecipeError) -> Double {
        try reader.number("training.optimizer.epsilon", in: 1e-16...1, default: standard)
    }
}

extension TrainingRecipe.Betas {
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        (first, second) = try reader.pair(
            "training.optimizer.betas", in: 0...0.999_999, default: (0.9, 0.999))
    }
}
