import AviaryKernels
import AviaryRecipes
import AviaryTracking
import AviaryTrackingClient
import Foundation

/// Gives the engine the number of threads that a recipe names; as many as it finds where it names none.
func useThreads(_ threads: Int?) throws {
    try requireProcessors(
        threads ?? Parallel.threadCount, threads == nil ? "OMP_NUM_THREADS" : "training.threads")
    if let threads { Parallel.setThreadCount(threads) }
}

/// Refuses more threads than there are processors: each step would wait for those that are not running.
func requireProcessors(_ threads: Int = Parallel.threadCount, _ setting: String = "OMP_NUM_THREADS") throws {
    guard threads <= Parallel.processorCount else {
        throw CommandFailure(
            "\(setting): \(threads) given, but this machine has \(Parallel.processorCount) processors; "
                + "give 1 to \(Parallel.processorCount)")
    }
}

/// Begins the record of a recipe that is carried out: what it was given, on which engine, and the recipe itself.
///
/// Experiment and name are the recipe's unless they are given.
func startRecording(
    _ recipe: Recipe, data: String?, store folder: String, experiment: String?, name: String?,
    tags: [String: String] = [:]
) async throws -> LocalRecorder {
    var params = recipe.params
    // In full, so that it can be resumed from another folder.
    if let named = data ?? recipe.data.folder {
        params["data.folder"] = URL(fileURLWithPath: named).standardizedFileURL.path
    }
    let own = ["aviary.version": Version.current, "aviary.recipe": recipe.name]
    let recorder = try await LocalRecorder.start(
        store: folder, experiment: experiment ?? recipe.name, name: name ?? recipe.name, params: params,
        tags: own.merging(EngineReport.current().tags) { tag, _ in tag }.merging(tags) { tag, _ in tag })
    recorder.logArtifact(Array(recipe.resolvedYAML.utf8), path: "recipe.yml")
    return recorder
}

/// Ends a run as failed, and throws what stopped it.
func endFailed(_ recorder: LocalRecorder, _ error: any Error) async throws {
    recorder.logLine("error: \(error)")
    do {
        try await recorder.finish(.failed)
    } catch let second where "\(second)" != "\(error)" {
        throw CommandFailure("\(error); nor could the run be ended: \(second)")
    } catch {
        // The recorder's failure is what stopped the work: it is told below.
    }
    throw error
}

/// A line for the person, kept in the run's console log as well.
func note(_ line: String, _ recorder: LocalRecorder?) {
    say(line + "\n")
    recorder?.logLine(line)
}
