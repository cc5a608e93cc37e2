public import AviaryDatasets
public import AviaryOptimizers

/// How a classifier is trained.
public struct TrainingPlan: Sendable, Equatable {
    /// How often every training image is seen.
    public var epochCount = 1
    /// Images of one step.
    public var batchSize = 128
    /// The peak of the schedule.
    public var learningRate = 0.1
    /// How the learning rate moves.
    public var schedule = Schedule.oneCycle()
    /// How much of the last step is kept.
    public var momentum = 0.9
    /// How strongly parameters are drawn to zero.
    public var weightDecay = 0.0
    /// Whether a step looks ahead along the momentum.
    public var isNesterov = false
    /// How much of each label is spread over all classes.
    public var labelSmoothing = 0.0
    /// The norm to which all gradients together are clipped; `nil` for no clipping.
    public var maximumGradientNorm: Double?
    /// What is done to the training images.
    public var augmentation = Augmentation.none
    /// Names every random stream of the run.
    public var seed: UInt64 = 0
    /// Steps between checkpoints; one is written at the end of each epoch besides.
    public var checkpointInterval = 200

    /// The defaults above.
    public init() {}
}

/// Where a training is; for a progress bar.
public struct TrainingProgress: Sendable {
    /// Steps done.
    public let step: Int
    /// Steps of the whole training.
    public let stepCount: Int
    /// The epoch, counted from 1.
    public let epoch: Int
    /// The loss of the last step.
    public let loss: Double
    /// The accuracy of the last step's batch.
    public let accuracy: Double
    /// Images of one step.
    public let batchSize: Int
    /// Images a second, over the last steps.
    public let imagesPerSecond: Double
    /// What validation said at the end of the last epoch; set for the step that ended it.
    public let validation: ClassificationFigures?
}

/// Why a training stopped before its end.
public enum TrainingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The loss is no number any more.
    case diverged(step: Int, loss: Double, learningRate: Double, checkpoint: String?)
    /// A checkpoint belongs to another training.
    case foreignCheckpoint(file: String, problem: String)

    /// One sentence: what happened, where, and what to do.
    public var description: String {
        switch self {
        case .diverged(let step, let loss, let learningRate, let checkpoint):
            "the loss became \(loss) at step \(step) with learning rate \(learningRate); lower it with "
                + "--set training.learning-rate=…"
                + (checkpoint.map { "; the last good checkpoint is \($0)" } ?? "; there is no checkpoint yet")
        case .foreignCheckpoint(let file, let problem):
            "\(file) cannot be resumed: \(problem)"
        }
    }
}
