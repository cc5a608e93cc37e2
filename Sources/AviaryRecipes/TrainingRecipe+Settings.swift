extension TrainingRecipe {
    /// Every setting by its key path, in the order of the file.
    ///
    /// What could not be chosen at first stands there only where it is not what every training then had: a run's params
    /// and a resolved recipe of before are still those of the same training.
    var settings: [(key: String, value: String)] {
        var list = [("epochs", "\(epochs)"), ("batch-size", "\(batchSize)")]
        if accumulation != 1 { list.append(("accumulation", "\(accumulation)")) }
        list += [("seed", "\(seed)"), ("learning-rate", "\(learningRate)")]
        list += schedule.settings
        if let warmUp {
            list += [
                ("warm-up-steps", "\(warmUp.steps)"), ("warm-up-start-share", "\(warmUp.startShare)"),
            ]
        }
        list += optimizer.settings.map { ("optimizer." + $0.0, $0.1) }
        list.append(("label-smoothing", "\(labelSmoothing)"))
        if let clipNorm { list.append(("clip-norm", "\(clipNorm)")) }
        if let clipValue { list.append(("clip-value", "\(clipValue)")) }
        if let emaDecay { list.append(("ema-decay", "\(emaDecay)")) }
        if precision != .f32 { list.append(("precision", precision.rawValue)) }
        list.append(("checkpoint-every-steps", "\(checkpointEverySteps)"))
        if let threads { list.append(("threads", "\(threads)")) }
        return list.map { ("training." + $0.0, $0.1) }
    }
}

extension TrainingRecipe.Schedule {
    fileprivate var settings: [(String, String)] {
        [("schedule", kind.rawValue)] + own
    }

    private var own: [(String, String)] {
        switch self {
        case .constant: []
        case .cosine(let endShare): endShare == 0 ? [] : [("end-share", "\(endShare)")]
        case .step(let everySteps, let factor):
            [("decay-every-steps", "\(everySteps)"), ("decay-factor", "\(factor)")]
        case .linear(let startShare, let endShare):
            [("start-share", "\(startShare)"), ("end-share", "\(endShare)")]
        case .oneCycle(let share): [("warm-up-share", "\(share)")]
        case .polynomial(let power): [("power", "\(power)")]
        case .plateau(let plateau): plateau.settings.map { ("plateau." + $0.0, $0.1) }
        }
    }
}

extension TrainingRecipe.Plateau {
    fileprivate var settings: [(String, String)] {
        [
            ("metric", metric.rawValue), ("factor", "\(factor)"), ("patience", "\(patience)"),
            ("threshold", "\(threshold)"), ("cooldown", "\(cooldown)"), ("minimum-rate", "\(minimumRate)"),
        ]
    }
}

extension TrainingRecipe.Optimizer {
    fileprivate var settings: [(String, String)] {
        switch self {
        case .sgd(let momentum, let weightDecay, let nesterov):
            [
                ("momentum", "\(momentum)"), ("weight-decay", "\(weightDecay)"), ("nesterov", "\(nesterov)"),
            ]
        case .adam(let betas, let epsilon, let weightDecay):
            Self.adaptive(.adam, betas, epsilon, weightDecay)
        case .adamw(let betas, let epsilon, let weightDecay):
            Self.adaptive(.adamw, betas, epsilon, weightDecay)
        case .adagrad(let rateDecay, let initialSum, let epsilon, let weightDecay):
            [
                ("kind", Kind.adagrad.rawValue), ("rate-decay", "\(rateDecay)"),
                ("initial-sum", "\(initialSum)"), ("epsilon", "\(epsilon)"),
                ("weight-decay", "\(weightDecay)"),
            ]
        case .rmsprop(let smoothing, let epsilon, let momentum, let centered, let weightDecay):
            [
                ("kind", Kind.rmsprop.rawValue), ("smoothing", "\(smoothing)"), ("epsilon", "\(epsilon)"),
                ("momentum", "\(momentum)"), ("centered", "\(centered)"), ("weight-decay", "\(weightDecay)"),
            ]
        }
    }

    private static func adaptive(
        _ kind: Kind, _ betas: TrainingRecipe.Betas, _ epsilon: Double, _ weightDecay: Double
    ) -> [(String, String)] {
        [
            ("kind", kind.rawValue), ("betas", "[\(betas.first), \(betas.second)]"),
            ("epsilon", "\(epsilon)"), ("weight-decay", "\(weightDecay)"),
        ]
    }
}
