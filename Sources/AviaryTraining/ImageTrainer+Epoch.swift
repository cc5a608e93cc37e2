import AviaryAutograd
import AviaryDatasets
import AviaryLayers
import AviaryOptimizers
import AviaryTensors
import AviaryTracking

extension ImageTrainer {
    /// Walks from the step that the training is at to the end of its epoch.
    func runEpoch(
        _ walk: inout Walk, stepsPerEpoch: Int, _ onProgress: @Sendable (TrainingProgress) -> Void
    ) async throws {
        let loader = ImageLoader(
            training, batchSize: plan.batchSize, seed: plan.seed, normalisation: normalisation,
            augmentation: plan.augmentation)
        let step = TrainingStep(plan, model: model)
        let stepCount = stepsPerEpoch * plan.epochCount
        let (epoch, first) = walk.state.step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        let permutation = loader.permutation(epoch: epoch)
        for index in first..<stepsPerEpoch {
            guard !Task.isCancelled else {
                try await keep(&walk)
                throw CancellationError()
            }
            try recorder.check()
            let batches = batches(ofStep: index, of: loader)
            let figures = try makeStep(step, &walk, of: stepCount, batches: batches) { batch in
                loader.batch(epoch: epoch, index: batch, permutation: permutation)
            }
            let isLast = index == stepsPerEpoch - 1
            let validated = isLast ? try await validate(&walk, epoch: epoch + 1) : nil
            let images = plan.batchSize * plan.accumulation
            onProgress(
                TrainingProgress(
                    step: walk.state.step, stepCount: stepCount, epoch: epoch + 1, loss: figures.loss,
                    accuracy: figures.accuracy, batchSize: images,
                    imagesPerSecond: walk.speed.stepsPerSecond() * Double(images), validation: validated))
            if isLast || walk.state.step.isMultiple(of: plan.checkpointInterval) { try await keep(&walk) }
        }
    }

    /// One step over some batches; logs what it measured.
    private func makeStep(
        _ step: TrainingStep, _ walk: inout Walk, of stepCount: Int, batches: Range<Int>,
        _ batch: @escaping (Int) -> ImageBatch
    ) throws -> ClassificationFigures {
        let (number, scale) = (walk.state.step, walk.state.lossScale?.value)
        let rate = walk.state.learningRate(plan, of: stepCount)
        walk.learningRate = rate
        let tally = StepTally()
        let window = window(batches, tally, batch)
        let outcome: StepOutcome
        let clock = ContinuousClock()
        let start = clock.now
        do {
            outcome = try step.run(window, on: &walk.state, rate: rate)
        } catch let divergence as Divergence {
            throw TrainingError.diverged(
                divergence, step: number, learningRate: rate, checkpoint: walk.checkpoint)
        }
        walk.stepTime += clock.now - start - tally.asideTime
        guard let loss = outcome.loss else { fatalError("image trainer: step \(number) is over no images") }
        var values = [
            "train/loss": loss, "train/accuracy": tally.accuracy, "train/learning_rate": rate,
        ]
        if let scale {
            values["train/loss_scale"] = scale
            values["train/skipped_steps"] = Double(walk.state.lossScale?.skippedStepCount ?? 0)
        }
        log(values, step: number, &walk.state)
        return ClassificationFigures(loss: loss, accuracy: tally.accuracy)
    }

    /// Which of an epoch's batches one of its steps adds up.
    func batches(ofStep index: Int, of loader: ImageLoader) -> Range<Int> {
        index * plan.accumulation..<min(loader.batchCount, (index + 1) * plan.accumulation)
    }

    /// A step over some batches, which `batch` gives; `tally` is told what the model answered.
    func window(
        _ batches: Range<Int>, _ tally: StepTally, _ batch: @escaping (Int) -> ImageBatch
    ) -> StepWindow {
        let counts = batches.map { imageCount(ofBatch: $0) }
        return StepWindow(counts: counts) { index, pass in
            // Of each pixel a byte is read and a number written.
            let byteCount = counts[index] * training.valuesPerImage * 5
            let batch = tally.aside {
                pass.profile.measure("batch", in: .data, .data, byteCount: byteCount) {
                    batch(batches.lowerBound + index)
                }
            }
            let logits = model(pass.input(batch.images))
            tally.aside {
                pass.profile.measure("accuracy", in: .accuracy, .forward) {
                    tally.add(logits.tensor, labels: batch.labels)
                }
            }
            return pass.profile.placing(in: .loss) {
                softmaxCrossEntropy(logits, labels: batch.labels, smoothing: plan.labelSmoothing)
            }
        }
    }

    private func imageCount(ofBatch index: Int) -> Int {
        min(plan.batchSize, training.count - index * plan.batchSize)
    }

    private func validate(
        _ walk: inout Walk, epoch: Int
    ) async throws -> ClassificationFigures? {
        guard validation.count > 0 else { return nil }
        // An interrupt during validation is seen before the next step: what the epoch measured is never half logged.
        let substitutes = walk.state.average?.substitutes
        let figures = try await Task { [model, validation, normalisation] in
            try await evaluate(
                model, on: validation, normalisation: normalisation, substitutes: substitutes)
        }.value
        if !figures.loss.isFinite {
            try diverging(walk) {
                // Weights that are no numbers say more than what comes of them.
                try Checkpoint.requireFinite(walk.state)
                throw Divergence.validationLoss(figures.loss)
            }
        }
        // It belongs to the step that ended the epoch.
        log(
            ["validation/loss": figures.loss, "validation/accuracy": figures.accuracy],
            step: walk.state.step - 1, &walk.state)
        if figures.accuracy > walk.state.best?.accuracy ?? -1 {
            walk.state.best = BestEpoch(epoch: epoch, accuracy: figures.accuracy, state: walk.state.published)
        }
        if let metric = plan.plateau?.metric {
            walk.state.plateau?.observe(metric == .loss ? figures.loss : figures.accuracy)
        }
        return figures
    }

    private func log(_ values: [String: Double], step: Int, _ state: inout TrainingState) {
        recorder.log(values, step: Int64(step))
        for key in values.keys { state.lastSteps[key] = Int64(step) }
    }

    /// Keeps which kernels computed it, so far, as the run's artifact.
    package func logKernels() {
        recorder.logArtifact(Array(kernels.choices.lines.utf8), path: "engine/kernels.txt")
    }

    /// Writes a checkpoint, after everything that was logged until it is on disk; without a file it only looks whether
    /// there is one to be kept.
    private func keep(_ walk: inout Walk) async throws {
        if kernels.choices != walk.loggedKernels {
            logKernels()
            for (question, kernel) in kernels.missing.sorted(by: { $0.key < $1.key }) {
                recorder.logLine(
                    "warning: kernel \(kernel) of the checkpoint is not to be had here, the fastest is taken: "
                        + question)
            }
            if walk.loggedKernels.isEmpty, let problem = KernelRecord.problem {
                recorder.logLine("warning: kernels are timed anew by each program: \(problem)")
            }
            walk.loggedKernels = kernels.choices
        }
        recorder.setTags(PeakMemory.tags)
        try await recorder.flush()
        guard walk.checkpoint?.step != walk.state.step else { return }
        try diverging(walk) {
            guard let checkpointFile else { return try Checkpoint.requireFinite(walk.state) }
            try Checkpoint.write(walk.state, to: checkpointFile, of: identity)
        }
        if let checkpointFile {
            walk.checkpoint = KeptCheckpoint(file: checkpointFile, step: walk.state.step)
        }
    }

    /// Runs `body` behind a step, and names that step where numbers turn out to be none.
    private func diverging(_ walk: Walk, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let divergence as Divergence {
            throw TrainingError.diverged(
                divergence, step: walk.state.step - 1, learningRate: walk.learningRate,
                checkpoint: walk.checkpoint)
        }
    }
}
