import ArgumentParser
import AviaryKernels
import AviaryRecipes
import AviaryTracking
import AviaryTrackingClient
import AviaryTraining
import AviaryZoo

/// `aviary profile`: measures where the time of a recipe's training step goes, and records that as a run.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Measure where the time of a recipe's training step goes, and record it.")

    @Argument(help: "A recipe's name (as resnet8-fashion-mnist) or file.")
    var recipe: String
    @Option(name: .long, help: "Change the recipe: --set training.precision=bf16. May be repeated.")
    var set: [String] = []
    @Option(name: .long, help: "Steps to measure, 1 to 1000.")
    var steps = 20
    @Option(name: .long, help: "Read the images from this folder.")
    var data: String?
    @Option(name: .long, help: "The run's name; the recipe's name unless given.")
    var name: String?
    @Option(name: .long, help: "The experiment it belongs to; the recipe's name unless given.")
    var experiment: String?
    @Flag(name: .long, help: "Print the profile as JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    /// Where the run keeps the profile; the tag of this name tells the dashboard so.
    private static let (tag, path) = ("aviary.profile", "profile.json")

    func validate() throws {
        guard (1...1000).contains(steps) else {
            throw ValidationError("--steps takes 1 to 1000, given was \(steps).")
        }
    }

    func run() async throws {
        let folder = try store.folder()
        let interrupts = Interrupts.shared
        let loaded = try Recipe.load(recipe, settings: set)
        try useThreads(loaded.training.threads)
        let job = try TrainingJob(loaded, dataFolder: data)
        let recorder = try await startRecording(
            loaded, data: data, store: folder, experiment: experiment, name: name,
            tags: [Self.tag: Self.path])
        note("run \(recorder.runID) in \(folder)", recorder)
        let stepCount = steps
        let outcome = await interrupts.cancelling {
            try await job.profile(recorder: recorder, stepCount: stepCount)
        }
        switch outcome {
        case .success(let profile): try await end(recorder, loaded, profile)
        case .failure(is CancellationError):
            try await recorder.finish(.killed)
            throw ExitCode(130)
        case .failure(let error): try await endFailed(recorder, error)
        }
    }

    /// Keeps the profile with the run, then prints it.
    private func end(_ recorder: LocalRecorder, _ recipe: Recipe, _ profile: TrainingProfile) async throws {
        let plan = recipe.plan
        let text = try jsonText(
            profile.json.merging([
                "recipe": recipe.name, "run": recorder.runID.description, "threads": Parallel.threadCount,
                "precision": plan.precision.name, "images": plan.batchSize * plan.accumulation,
            ]) { own, _ in own })
        recorder.logArtifact(Array((text + "\n").utf8), path: Self.path)
        try await recorder.finish(.finished)
        guard !json else { return try tell(text) }
        try profile.printTables(imagesPerStep: plan.batchSize * plan.accumulation)
    }
}
