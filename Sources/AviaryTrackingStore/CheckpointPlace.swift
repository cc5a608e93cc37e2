package import AviaryTracking

/// Where the trainings of a store keep what they resume from; a run that is freed takes it along.
package enum CheckpointPlace {
    package static func folder(in store: String) -> String { store + "/checkpoints" }

    package static func file(of run: RunID, in store: String) -> String {
        "\(folder(in: store))/\(run).safetensors"
    }

    /// Held by the process that trains a run.
    package static func lock(of checkpoint: String) -> String { checkpoint + ".lock" }
}
