import AviaryDatasets
import AviaryOptimizers
package import AviaryRecipes
package import AviaryTraining

extension Recipe {
    /// The recipe in the trainer's words.
    package var plan: TrainingPlan {
        var plan = TrainingPlan()
        plan.epochCount = training.epochs
        plan.batchSize = training.batchSize
        plan.accumulation = training.accumulation
        plan.learningRate = training.learningRate
        plan.schedule = training.stepSchedule
        if case .plateau(let plateau) = training.schedule { plan.plateau = plateau.plan }
        plan.optimizer = training.optimizer.plan
        plan.labelSmoothing = training.labelSmoothing
        plan.maximumGradientNorm = training.clipNorm
        plan.maximumGradient = training.clipValue
        plan.averageDecay = training.emaDecay
        plan.precision =
            switch training.precision {
            case .f32: .f32
            case .bf16: .bf16
            case .f16: .f16()
            }
        plan.augmentation = AviaryDatasets.Augmentation(
            cropPadding: data.augmentation.cropPadding, flips: data.augmentation.flip)
        plan.seed = UInt64(training.seed)
        plan.checkpointInterval = training.checkpointEverySteps
        return plan
    }
}

extension TrainingRecipe {
    /// How the rate moves with the steps, from the warm-up on.
    fileprivate var stepSchedule: AviaryOptimizers.Schedule {
        let main: AviaryOptimizers.Schedule =
            switch schedule {
            case .constant, .plateau: .constant
            case .cosine(let endShare): .cosine(endShare: endShare)
            case .step(let everySteps, let factor): .stepDecay(interval: everySteps, factor: factor)
            case .linear(let startShare, let endShare): .linear(startShare: startShare, endShare: endShare)
            case .oneCycle(let warmUpShare): .oneCycle(warmUpShare: warmUpShare)
            case .polynomial(let power): .polynomial(power: power)
            }
        guard let warmUp else { return main }
        return .warmUp(stepCount: warmUp.steps, startShare: warmUp.startShare, next: main)
    }
}

extension TrainingRecipe.Plateau {
    fileprivate var plan: PlateauPlan {
        var plan = PlateauPlan()
        switch metric {
        case .loss: plan.metric = .loss
        case .accuracy: plan.metric = .accuracy
        }
        (plan.factor, plan.patience, plan.threshold) = (factor, patience, threshold)
        (plan.cooldown, plan.minimumRate) = (cooldown, minimumRate)
        return plan
    }
}

extension TrainingRecipe.Optimizer {
    fileprivate var plan: OptimizerPlan {
        switch self {
        case .sgd(let momentum, let weightDecay, let nesterov):
            .sgd(momentum: momentum, weightDecay: weightDecay, isNesterov: nesterov)
        case .adam(let betas, let epsilon, let weightDecay):
            .adam(
                firstMomentDecay: betas.first, secondMomentDecay: betas.second, epsilon: epsilon,
                weightDecay: weightDecay)
        case .adamw(let betas, let epsilon, let weightDecay):
            .adamw(
                firstMomentDecay: betas.first, secondMomentDecay: betas.second, epsilon: epsilon,
                weightDecay: weightDecay)
        case .adagrad(let rateDecay, let initialSum, let epsilon, let weightDecay):
            .adagrad(
                rateDecay: rateDecay, initialSum: initialSum, epsilon: epsilon, weightDecay: weightDecay)
        case .rmsprop(let smoothing, let epsilon, let momentum, let centered, let weightDecay):
            .rmsprop(
                smoothing: smoothing, epsilon: epsilon, momentum: momentum, isCentered: centered,
                weightDecay: weightDecay)
        }
    }
}
