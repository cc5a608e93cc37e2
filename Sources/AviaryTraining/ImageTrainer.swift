public import AviaryDatasets
public import AviaryLayers
package import AviaryTensors
public import AviaryTracking

/// Trains a classifier of images and tells a recorder everything.
///
/// Logged each step: `train/loss`, `train/accuracy` (of its images), `train/learning_rate`, and where the loss is scaled
/// `train/loss_scale` (with which the step was made) and `train/skipped_steps` (until then, this one included); after
/// each epoch: `validation/loss`, `validation/accuracy`. The artifact `engine/kernels.txt` says which kernels computed it,
/// where several give the same sums; the tags `engine.peak_tensor_bytes` and `engine.peak_resident_bytes` say how much memory
/// it took at most until its last checkpoint, and `engine.step_share` which part of the time steps took: the rest went to
/// loading images, counting right answers, validating and keeping checkpoints.
public struct ImageTrainer: Sendable {
    let model: any Layer
    let training: LabelledImages
    let validation: LabelledImages
    let normalisation: ImageNormalisation
    let plan: TrainingPlan
    let recorder: any RunRecorder
    let checkpointFile: String?
    let identity: TrainingIdentity
    /// Which kernels it is computed with.
    package let kernels = KernelRecord()

    /// A training of `model`.
    ///
    /// With a `checkpointFile` it is kept there as it goes.
    public init(
        _ model: any Layer, on training: LabelledImages, validation: LabelledImages, plan: TrainingPlan,
        recorder: any RunRecorder, checkpointFile: String? = nil
    ) {
        self.model = model
        self.training = training
        self.validation = validation
        self.plan = plan
        self.recorder = recorder
        self.checkpointFile = checkpointFile
        normalisation = ImageNormalisation(of: training)
        identity = TrainingIdentity(plan, on: training, validation: validation)
    }

    /// Runs to the end, or goes on from the checkpoint file.
    ///
    /// Where there are validation images, the model ends with the weights of the epoch that they liked best (the
    /// highest accuracy; the earliest of equals), and the run's tag `aviary.best_epoch` names it. With a moving average
    /// those are the averaged weights, of the best epoch or without validation of the last.
    ///
    /// Cancelling its task keeps a checkpoint of the last whole step and throws `CancellationError`.
    @concurrent
    public func run(
        resuming: Bool = false, onProgress: @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws {
        guard training.count > 0 else { throw TrainingError.nothingToTrain }
        guard plan.plateau == nil || validation.count > 0 else { throw TrainingError.nothingToValidate }
        PeakMemory.begin()
        var walk = Walk(TrainingState(model, plan: plan, kernels: kernels))
        let stepsPerEpoch = plan.stepsPerEpoch(imageCount: training.count)
        let stepCount = stepsPerEpoch * plan.epochCount
        if resuming {
            guard let checkpointFile else { throw TrainingError.noCheckpointFile }
            try Checkpoint.read(checkpointFile, into: &walk.state, of: identity)
            walk.checkpoint = KeptCheckpoint(file: checkpointFile, step: walk.state.step)
        }
        let clock = ContinuousClock()
        let start = clock.now
        try await kernels.collecting {
            while walk.state.step < stepCount {
                try await runEpoch(&walk, stepsPerEpoch: stepsPerEpoch, onProgress)
            }
        }
        if walk.stepTime > .zero {
            let share = walk.stepTime / (clock.now - start)
            recorder.setTags(["engine.step_share": String((share * 1000).rounded() / 1000)])
        }
        if let best = walk.state.best {
            model.restore(best.state)
            recorder.setTags(["aviary.best_epoch": String(best.epoch)])
        } else if walk.state.average != nil {
            model.restore(walk.state.published)
        }
    }

    /// A training on its way: what it has come to, what of it is on disk, and how fast it goes.
    struct Walk {
        var state: TrainingState
        var checkpoint: KeptCheckpoint?
        /// The choices of kernels that the run has as its artifact.
        var loggedKernels: [String: String] = [:]
        /// Of the last step.
        var learningRate = 0.0
        var speed = SpeedMeter()
        /// What the steps took, without loading their images and counting right answers.
        var stepTime = Duration.zero

        init(_ state: TrainingState) {
            self.state = state
        }
    }
}
