import AviaryAutograd
import AviaryCheckpoints
public import AviaryDatasets
public import AviaryLayers
import AviaryOptimizers
import AviaryTensors
public import AviaryTracking

/// Trains a classifier of images and tells a recorder everything.
///
/// Logged each step: `train/loss`, `train/accuracy` (of the batch), `train/learning_rate`; after each epoch:
/// `validation/loss`, `validation/accuracy`.
public struct ImageTrainer: Sendable {
    private let model: any Layer
    private let training: LabelledImages
    private let validation: LabelledImages
    private let normalisation: ImageNormalisation
    private let plan: TrainingPlan
    private let recorder: any RunRecorder
    private let checkpointFile: String?

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
    }

    /// Runs to the end, or goes on from the checkpoint file.
    ///
    /// Where there are validation images, the model ends with the weights of the epoch that they liked best (the
    /// highest accuracy; the earliest of equals), and the run's tag `aviary.best_epoch` names it.
    ///
    /// Cancelling its task keeps a checkpoint of the last whole step and throws `CancellationError`.
    @concurrent
    public func run(
        resuming: Bool = false, onProgress: @Sendable (TrainingProgress) -> Void = { _ in }
    ) async throws {
        // Asked once: the model is walked for them.
        let parameters = model.parameters
        let optimizer = SGD(
            parameters, momentum: plan.momentum, weightDecay: plan.weightDecay,
            isNesterov: plan.isNesterov)
        let loader = ImageLoader(
            training, batchSize: plan.batchSize, seed: plan.seed, normalisation: normalisation,
            augmentation: plan.augmentation)
        var progress = Progress(stepCount: loader.batchCount * plan.epochCount)
        if resuming, let checkpointFile {
            let checkpoint = try Checkpoint(from: checkpointFile, into: model, optimizer, plan: plan)
            (progress.step, progress.lastSteps) = (checkpoint.step, checkpoint.lastSteps)
            (progress.checkpointedStep, progress.best) = (checkpoint.step, checkpoint.best)
        }
        while progress.step < progress.stepCount {
            let (epoch, first) = progress.step.quotientAndRemainder(dividingBy: loader.batchCount)
            let permutation = loader.permutation(epoch: epoch)
            for index in first..<loader.batchCount {
                guard !Task.isCancelled else {
                    try await keep(&progress, optimizer)
                    throw CancellationError()
                }
                try recorder.check()
                let batch = loader.batch(epoch: epoch, index: index, permutation: permutation)
                let figures = try step(batch, parameters, optimizer, &progress)
                let isLast = index == loader.batchCount - 1
                let validated = isLast ? try await validate(&progress, epoch: epoch + 1) : nil
                onProgress(progress.report(figures, epoch: epoch + 1, validated, images: plan.batchSize))
                if isLast || progress.step.isMultiple(of: plan.checkpointInterval) {
                    try await keep(&progress, optimizer)
                }
            }
        }
        guard let best = progress.best else { return }
        model.restore(best.state)
        recorder.setTags(["aviary.best_epoch": String(best.epoch)])
    }

    /// One step: forward, backward, optimizer; logs what it measured.
    private func step(
        _ batch: ImageBatch, _ parameters: [Parameter], _ optimizer: SGD, _ progress: inout Progress
    ) throws -> ClassificationFigures {
        let rate = plan.schedule.rate(peak: plan.learningRate, step: progress.step, of: progress.stepCount)
        let pass = Pass(.training, seed: plan.seed, step: UInt32(progress.step))
        let logits = model(pass.input(batch.images))
        let loss = softmaxCrossEntropy(logits, labels: batch.labels, smoothing: plan.labelSmoothing)
        let value = loss.tensor.scalar
        guard value.isFinite else {
            throw TrainingError.diverged(
                step: progress.step, loss: value, learningRate: rate,
                checkpoint: progress.checkpointedStep.flatMap { _ in checkpointFile })
        }
        let gradients = loss.backward()
        let factor =
            plan.maximumGradientNorm.map {
                clippingFactor(gradients, of: parameters, maximumNorm: $0)
            } ?? 1
        optimizer.step(gradients, rate: rate, gradientScale: factor)
        pass.applyBufferUpdates()

        let labels = batch.labels.values(as: Int64.self)
        let correct = zip(logits.tensor.argmaxOfRows, labels).count { $0 == Int($1) }
        let accuracy = Double(correct) / Double(labels.count)
        log(
            ["train/loss": value, "train/accuracy": accuracy, "train/learning_rate": rate],
            step: progress.step, &progress)
        progress.step += 1
        return ClassificationFigures(loss: value, accuracy: accuracy)
    }

    private func validate(
        _ progress: inout Progress, epoch: Int
    ) async throws -> ClassificationFigures? {
        guard validation.count > 0 else { return nil }
        // An interrupt during validation is seen before the next step: what the epoch measured is never half logged.
        let figures = try await Task { [model, validation, normalisation] in
            try await evaluate(model, on: validation, normalisation: normalisation)
        }.value
        // It belongs to the step that ended the epoch.
        log(
            ["validation/loss": figures.loss, "validation/accuracy": figures.accuracy],
            step: progress.step - 1, &progress)
        if figures.accuracy > progress.best?.accuracy ?? -1 {
            progress.best = BestEpoch(
                epoch: epoch, accuracy: figures.accuracy, state: model.stateDictionary())
        }
        return figures
    }

    private func log(_ values: [String: Double], step: Int, _ progress: inout Progress) {
        recorder.log(values, step: Int64(step))
        for key in values.keys { progress.lastSteps[key] = Int64(step) }
    }

    /// Writes a checkpoint, after everything that was logged until it is on disk.
    private func keep(_ progress: inout Progress, _ optimizer: SGD) async throws {
        try await recorder.flush()
        guard let checkpointFile, progress.checkpointedStep != progress.step else { return }
        let checkpoint = Checkpoint(
            step: progress.step, lastSteps: progress.lastSteps, best: progress.best)
        try checkpoint.write(to: checkpointFile, model: model, optimizer: optimizer, plan: plan)
        progress.checkpointedStep = progress.step
    }
}

/// What moves while a training runs.
private struct Progress {
    let stepCount: Int
    var step = 0
    var lastSteps: [String: Int64] = [:]
    var checkpointedStep: Int?
    var best: BestEpoch?
    private var times: [ContinuousClock.Instant] = []

    init(stepCount: Int) {
        self.stepCount = stepCount
    }

    /// The speed is that of the last 20 steps, so that a validation between shows only for a moment.
    mutating func report(
        _ figures: ClassificationFigures, epoch: Int, _ validation: ClassificationFigures?, images: Int
    ) -> TrainingProgress {
        times.append(.now)
        if times.count > 21 { times.removeFirst() }
        let elapsed = times[0].duration(to: times[times.count - 1])
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        return TrainingProgress(
            step: step, stepCount: stepCount, epoch: epoch, loss: figures.loss, accuracy: figures.accuracy,
            batchSize: images,
            imagesPerSecond: seconds > 0 ? Double((times.count - 1) * images) / seconds : 0,
            validation: validation)
    }
}
