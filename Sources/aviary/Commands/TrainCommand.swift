import ArgumentParser
import AviaryFiles
import AviaryKernels
import AviaryRecipes
import AviaryTracking
import AviaryTrackingClient
import AviaryTrackingStore
import AviaryTraining
import AviaryZoo
import Foundation

/// `aviary train`: carries out a recipe and records it.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a recipe of the zoo, or one of your own, and record the run.")

    @Argument(help: "A recipe's name (as resnet8-fashion-mnist) or file; left out with --resume.")
    var recipe: String?
    @Option(name: .long, help: "Change the recipe: --set training.epochs=1. May be repeated.")
    var set: [String] = []
    @Option(name: .long, help: "Go on with an interrupted run, by its id.")
    var resume: String?
    @Option(name: .long, help: "Read the images from this folder.")
    var data: String?
    @Option(name: .long, help: "The run's name; the recipe's name unless given.")
    var name: String?
    @Option(name: .long, help: "The experiment it belongs to; the recipe's name unless given.")
    var experiment: String?
    @Flag(name: .long, help: "Print the finished run as JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func validate() throws {
        guard (recipe == nil) != (resume == nil) else {
            throw ValidationError("Name a recipe, or a run with --resume.")
        }
        guard resume == nil || (name == nil && experiment == nil) else {
            throw ValidationError(
                "A resumed run keeps its name and experiment: leave out --name and --experiment.")
        }
    }

    func run() async throws {
        let folder = try store.folder()
        let interrupts = Interrupts.shared
        let session: Session
        if let resume {
            session = try await resumed(resume, folder)
        } else {
            session = try await started(folder)
        }
        let bar = ProgressBar()
        let outcome = await interrupts.cancelling { [session] in
            try await session.job.run(
                recorder: session.recorder, checkpointFile: session.checkpointFile,
                resuming: session.isResuming, onProgress: bar.show)
        }
        bar.finish()
        try await end(session, outcome, folder)
    }

    private struct Session: Sendable {
        let job: TrainingJob
        let recorder: LocalRecorder
        let checkpointFile: String
        let isResuming: Bool
        /// Held while the run trains.
        let lock: RunLock
    }

    private func started(_ folder: String) async throws -> Session {
        guard let recipe else { throw CommandFailure("no recipe is named") }
        let loaded = try Recipe.load(recipe, settings: set)
        try useThreads(loaded.training.threads)
        let job = try TrainingJob(loaded, dataFolder: data)
        let recorder = try await startRecording(
            loaded, data: data, store: folder, experiment: experiment, name: name)
        do {
            let checkpoint = try checkpointFile(recorder.runID, folder)
            let lock = try RunLock(recorder.runID, beside: checkpoint)
            note("run \(recorder.runID) in \(folder)", recorder)
            return Session(
                job: job, recorder: recorder, checkpointFile: checkpoint, isResuming: false, lock: lock)
        } catch {
            try? await recorder.finish(.failed)  // the first error says more
            throw error
        }
    }

    private func resumed(_ prefix: String, _ folder: String) async throws -> Session {
        let store = try await SQLiteStore.open(folder, .write(create: false))
        let id = try await store.run(matching: prefix).id
        let checkpoint = try checkpointFile(id, folder)
        // First of all: what is read from here on belongs to nobody else.
        let lock = try RunLock(id, beside: checkpoint)
        try removeDrafts(of: checkpoint)
        let run = try await store.run(id)
        let file = try await store.artifactFile(id, path: "recipe.yml").file
        try await store.close()
        guard run.status != .finished else {
            throw CommandFailure("run \(id) has finished; there is nothing to resume")
        }
        guard FileManager.default.fileExists(atPath: checkpoint) else {
            throw CommandFailure("run \(id) ended before its first checkpoint; train it anew")
        }
        let loaded = try recipe(of: run, in: file)
        let warnings = try useEngine(of: run, loaded)
        let job = try TrainingJob(loaded, dataFolder: data ?? run.params["data.folder"])
        // Before the run is set back: what is no checkpoint of this training must not cost a point.
        let lastSteps = try job.lastSteps(ofCheckpoint: checkpoint)
        let recorder = try await LocalRecorder.resume(id, store: folder, lastSteps: lastSteps)
        note("resuming run \(id) in \(folder)", recorder)
        for warning in warnings { note("warning: \(warning)", recorder) }
        return Session(job: job, recorder: recorder, checkpointFile: checkpoint, isResuming: true, lock: lock)
    }

    /// The run's recipe with `--set` over it, refused where that makes another training of it.
    private func recipe(of run: Run, in file: String) throws -> Recipe {
        let before = try Recipe.load(file)
        let loaded = try Recipe.load(file, settings: set)
        let (old, new) = (before.settings, loaded.settings)
        let oldValues = Dictionary(uniqueKeysWithValues: old.map { ($0.key, $0.value) })
        let newValues = Dictionary(uniqueKeysWithValues: new.map { ($0.key, $0.value) })
        // Of both: a --set can leave a setting out.
        for (key, _) in new + old where !Self.changeable.contains(key) && oldValues[key] != newValues[key] {
            throw CommandFailure(
                "run \(run.id) cannot be resumed: it was written by another recipe (\(key) is "
                    + "\(oldValues[key] ?? "not set"), --set makes it \(newValues[key] ?? "not set")); "
                    + "leave that --set out")
        }
        return loaded
    }

    /// What may differ without making another training of it.
    private static let changeable: Set = ["data.folder", "training.threads"]

    /// Takes the number of threads that the run began with; tells what else makes results differ in their last bits.
    private func useEngine(of run: Run, _ recipe: Recipe) throws -> [String] {
        let known = run.tags["engine.threads"].flatMap(Int.init)
        let fitting = known.flatMap { $0 <= Parallel.processorCount ? $0 : nil }
        try useThreads(recipe.training.threads ?? fitting)
        return EngineReport.current().tags.sorted { $0.key < $1.key }.compactMap { key, now in
            guard let before = run.tags[key], before != now else { return nil }
            return
                "the run began with \(key) \(before), now it is \(now): it will not be equal to the last bit"
        }
    }

    /// What a trainer that was killed while it wrote a checkpoint left beside it.
    private func removeDrafts(of checkpoint: String) throws {
        let folder = WholeFile.folder(of: checkpoint)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where "\(folder)/\(name)".hasPrefix(checkpoint + ".tmp-") { unlink("\(folder)/\(name)") }
    }

    private func checkpointFile(_ run: RunID, _ folder: String) throws -> String {
        let checkpoints = CheckpointPlace.folder(in: folder)
        guard mkdir(checkpoints, 0o755) == 0 || errno == EEXIST else {
            throw CommandFailure("cannot make \(checkpoints): \(String(cString: strerror(errno)))")
        }
        return CheckpointPlace.file(of: run, in: folder)
    }

    private func end(
        _ session: Session, _ outcome: Result<ClassificationFigures, any Error>, _ folder: String
    ) async throws {
        let run = session.recorder.runID
        switch outcome {
        case .success(let figures):
            note("test accuracy \(fixed(figures.accuracy * 100, 2)) %", session.recorder)
            try await session.recorder.finish(.finished)
            // The weights are an artifact now; a checkpoint that cannot be removed harms nobody.
            try? FileManager.default.removeItem(atPath: session.checkpointFile)
            if json { try tell(jsonText(await withStore(folder) { try await $0.run(run) }.json)) }
        case .failure(is CancellationError):
            try await session.recorder.finish(.killed)
            note("interrupted; go on with: aviary train --resume \(run) --store \(folder)", nil)
            throw ExitCode(130)
        case .failure(let error):
            try await endFailed(session.recorder, error)
        }
    }
}
