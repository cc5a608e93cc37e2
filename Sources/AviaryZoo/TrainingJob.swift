import AviaryCheckpoints
import AviaryDatasets
import AviaryLayers
package import AviaryRecipes
import AviaryTensors
package import AviaryTracking
package import AviaryTraining

/// Carries a recipe out: data, model, training, and at the end the figures on the test images.
package struct TrainingJob: Sendable {
    package let recipe: Recipe
    private let splits: ImageSplits

    /// Reads the data; what is wrong with it, or does not fit the model, shows before a run is made.
    package init(_ recipe: Recipe, dataFolder: String? = nil) throws {
        self.recipe = recipe
        splits = try ImageSplits(recipe.data, folder: dataFolder)
        try recipe.model.requireFit(height: splits.training.height, width: splits.training.width)
    }

    /// The last step of every series that a checkpoint knows of.
    ///
    /// Throws where the job cannot go on from the file, for whatever reason `run` would find.
    package func lastSteps(ofCheckpoint file: String) throws -> [String: Int64] {
        try lastStepsOfCheckpoint(
            file, of: freshModel(), on: splits.training, validation: splits.validation, plan: recipe.plan)
    }

    private func freshModel() throws(ZooError) -> any Layer {
        let images = splits.training
        return try recipe.model.model(
            channels: images.channels, height: images.height, width: images.width,
            classes: images.classNames.count, seed: UInt64(recipe.training.seed))
    }

    /// Makes a few steps and measures where their time goes; the model is thrown away.
    package func profile(recorder: any RunRecorder, stepCount: Int) async throws -> TrainingProfile {
        let trainer = ImageTrainer(
            try freshModel(), on: splits.training, validation: splits.validation, plan: recipe.plan,
            recorder: recorder)
        return try await trainer.profile(stepCount: stepCount)
    }

    /// Trains, tests, and keeps the weights as the run's artifact `model/weights.safetensors`.
    package func run(
        recorder: any RunRecorder, checkpointFile: String, resuming: Bool,
        onProgress: @escaping @Sendable (TrainingProgress) -> Void
    ) async throws -> ClassificationFigures {
        let images = splits.training
        let model = try freshModel()
        let trainer = ImageTrainer(
            model, on: images, validation: splits.validation, plan: recipe.plan, recorder: recorder,
            checkpointFile: checkpointFile)
        try await trainer.run(resuming: resuming, onProgress: onProgress)

        let normalisation = ImageNormalisation(of: images)
        let figures = try await trainer.kernels.collecting {
            try await evaluate(model, on: splits.test, normalisation: normalisation)
        }
        trainer.logKernels()
        let plan = recipe.plan
        let lastStep = Int64(plan.stepsPerEpoch(imageCount: images.count) * plan.epochCount - 1)
        recorder.log(["test/loss": figures.loss, "test/accuracy": figures.accuracy], step: lastStep)
        let weights = TrainedClassifier(model, recipe: recipe, images: images, normalisation: normalisation)
        recorder.logArtifact(Array(weights.file.bytes), path: "model/weights.safetensors")
        return figures
    }
}
