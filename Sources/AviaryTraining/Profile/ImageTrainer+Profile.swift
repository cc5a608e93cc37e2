import AviaryAutograd
import AviaryDatasets
import AviaryLayers
import AviaryTensors
import AviaryTracking

extension ImageTrainer {
    /// Makes some steps as `run` would, and measures where their time goes.
    ///
    /// Each measured step's time goes to the recorder as `profile/step_milliseconds`. Nothing is validated and no
    /// checkpoint is kept. Cancelling its task throws `CancellationError`.
    ///
    /// `stepCount` steps are measured, 1 at least; `warmUpCount` before them make buffers, primitives and threads.
    @concurrent
    package func profile(stepCount: Int, warmUpCount: Int = 3) async throws -> TrainingProfile {
        guard training.count > 0 else { throw TrainingError.nothingToTrain }
        let limit = MachineLimit.measured()
        PeakMemory.begin()
        var walk = Walk(TrainingState(model, plan: plan, kernels: kernels))
        let step = TrainingStep(plan, model: model)
        var steps: [StepProfile] = []
        try await kernels.collecting {
            for number in 0..<warmUpCount + stepCount {
                try Task.checkCancellation()
                try recorder.check()
                let profile = try profiledStep(step, &walk)
                guard number >= warmUpCount else { continue }
                recorder.log(
                    ["profile/step_milliseconds": Double(profile.nanoseconds) / 1e6],
                    step: Int64(number - warmUpCount))
                steps.append(profile)
            }
        }
        logKernels()
        recorder.setTags(PeakMemory.tags)
        return TrainingProfile(
            steps, holders: model.parameterHolders, limit: limit, warmUpCount: warmUpCount)
    }

    /// The step that the walk is at; the order of the epoch's images is dealt before its time runs.
    private func profiledStep(_ step: TrainingStep, _ walk: inout Walk) throws -> StepProfile {
        let stepsPerEpoch = plan.stepsPerEpoch(imageCount: training.count)
        let (epoch, index) = walk.state.step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        let loader = ImageLoader(
            training, batchSize: plan.batchSize, seed: plan.seed, normalisation: normalisation,
            augmentation: plan.augmentation)
        let permutation = loader.permutation(epoch: epoch)
        let rate = walk.state.learningRate(plan, of: stepsPerEpoch * max(plan.epochCount, epoch + 1))
        let number = walk.state.step
        let profile = StepProfile()
        let window = window(batches(ofStep: index, of: loader), StepTally()) { batch in
            loader.batch(epoch: epoch, index: batch, permutation: permutation)
        }
        do {
            _ = try step.run(window, on: &walk.state, rate: rate, profile: profile)
        } catch let divergence as Divergence {
            throw TrainingError.diverged(divergence, step: number, learningRate: rate, checkpoint: nil)
        }
        profile.finish()
        return profile
    }
}
