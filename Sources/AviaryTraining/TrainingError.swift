/// Why a training stopped before its end.
public enum TrainingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// Something became infinite or no number at all; the checkpoint is older.
    case diverged(Divergence, step: Int, learningRate: Double, checkpoint: KeptCheckpoint?)
    /// A checkpoint belongs to another training.
    case foreignCheckpoint(file: String, problem: String)
    /// A checkpoint's tensors are not those of the training.
    case checkpointMismatch(file: String, CheckpointMismatch)
    /// The learning rate was to follow the validation of no images.
    case nothingToValidate
    /// There are no images to train on.
    case nothingToTrain
    /// A training was to go on, and no file was named from which.
    case noCheckpointFile

    /// One sentence: what happened, where, and what to do.
    public var description: String {
        switch self {
        case .diverged(let what, let step, let learningRate, let checkpoint):
            "\(what) at step \(step) with learning rate \(learningRate); train it anew with a lower "
                + "--set training.learning-rate=…; "
                + (checkpoint.map { "the last good checkpoint is \($0.file), of step \($0.step)" }
                    ?? "there is no checkpoint yet")
        case .foreignCheckpoint(let file, let problem):
            "\(file) cannot be resumed: \(problem)"
        case .checkpointMismatch(let file, let mismatch):
            "\(file) cannot be resumed: its tensors do not fit; \(mismatch)"
        case .nothingToValidate:
            "the learning rate is to follow the validation (plateau), but there are no validation images; "
                + "give some, or choose another schedule"
        case .nothingToTrain:
            "there are no training images; give some"
        case .noCheckpointFile:
            "the training is to go on, but it was given no checkpoint file; name the one that it kept"
        }
    }
}

/// What became infinite or no number at all.
public enum Divergence: Error, Equatable, CustomStringConvertible, Sendable {
    case loss(Double)
    case validationLoss(Double)
    case gradients(LossScaleError)
    /// A number that the next checkpoint would have kept.
    case state(key: String)

    /// What happened, as the beginning of a sentence.
    public var description: String {
        switch self {
        case .loss(let value): "the loss became \(value)"
        case .validationLoss(let value): "the loss of the validation images became \(value)"
        case .gradients(let error): "\(error)"
        case .state(let key): "'\(key)' became infinite or no number"
        }
    }
}

/// A checkpoint that this training wrote or went on from.
public struct KeptCheckpoint: Sendable, Equatable {
    /// Its path.
    public let file: String
    /// Steps done when it was written.
    public let step: Int
}
