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
        plan.learningRate = training.learningRate
        plan.schedule =
            switch training.schedule {
            case .constant: .constant
            case .cosine: .cosine()
            case .oneCycle(let warmUpShare): .oneCycle(warmUpShare: warmUpShare)
            }
        plan.momentum = training.optimizer.momentum
        plan.weightDecay = training.optimizer.weightDecay
        plan.isNesterov = training.optimizer.nesterov
        plan.labelSmoothing = training.labelSmoothing
        plan.maximumGradientNorm = training.clipNorm
        plan.augmentation = AviaryDatasets.Augmentation(
            cropPadding: data.augmentation.cropPadding, flips: data.augmentation.flip)
        plan.seed = UInt64(training.seed)
        plan.checkpointInterval = training.checkpointEverySteps
        return plan
    }
}
