import AviaryCheckpoints
import AviaryLayers
import AviaryOptimizers
import AviaryTensors

/// The epoch that the validation images liked best so far, with the weights and statistics it ended with.
struct BestEpoch {
    /// Counted from 1.
    let epoch: Int
    let accuracy: Double
    let state: [String: Tensor]
}

/// Everything a training needs to go on exactly: weights, running statistics, momentum, the best epoch, and where it is.
///
/// Random streams and the loader's order are functions of the seed and the step, so the counters stand for them.
struct Checkpoint {
    /// Steps done.
    let step: Int
    /// The last step of every series that was recorded.
    let lastSteps: [String: Int64]
    let best: BestEpoch?

    func write(
        to path: String, model: any Layer, optimizer: any Optimizer, plan: TrainingPlan
    ) throws(CheckpointError) {
        var tensors = model.stateDictionary(prefix: "model.")
        for (key, tensor) in optimizer.state { tensors[Self.optimizerPrefix + key] = tensor }
        let steps = lastSteps.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        var metadata = [
            "step": String(step), "seed": String(plan.seed), "plan": String(describing: plan),
            "last_steps": steps.joined(separator: "\n"),
        ]
        if let best {
            for (key, tensor) in best.state { tensors[Self.bestPrefix + key] = tensor }
            metadata["best"] = "\(best.epoch) \(best.accuracy)"
        }
        try Safetensors(tensors: tensors, metadata: metadata).write(to: path)
    }

    init(step: Int, lastSteps: [String: Int64], best: BestEpoch?) {
        (self.step, self.lastSteps, self.best) = (step, lastSteps, best)
    }

    /// Reads a checkpoint back into model and optimizer.
    init(from path: String, into model: any Layer, _ optimizer: any Optimizer, plan: TrainingPlan) throws {
        let file = try Safetensors(contentsOf: path)
        let checkpoint = try Self(file, path, plan: plan)
        let optimizerState = Self.tensors(of: file, under: Self.optimizerPrefix)
        do {
            // Before the model is touched: all of it fits or nothing is taken.
            try optimizer.check(optimizerState)
        } catch {
            throw TrainingError.foreignCheckpoint(file: path, problem: "\(error)")
        }
        if let best = checkpoint.best {
            // Before the model is touched: the best state has to fit it as well.
            guard best.state.mapValues(Kind.init) == model.stateDictionary().mapValues(Kind.init) else {
                throw TrainingError.foreignCheckpoint(
                    file: path, problem: "the weights of its best epoch do not fit the model")
            }
        }
        try model.load(file, prefix: "model.", named: path)
        try optimizer.restore(optimizerState)
        self = checkpoint
    }

    /// Reads where the training was, and refuses a file that is not a checkpoint of this plan.
    init(_ file: Safetensors, _ path: String, plan: TrainingPlan) throws(TrainingError) {
        guard let step = file.metadata["step"].flatMap(Int.init), let series = file.metadata["last_steps"]
        else { throw .foreignCheckpoint(file: path, problem: "it holds weights only, no step") }
        guard file.metadata["plan"] == String(describing: plan) else {
            throw .foreignCheckpoint(file: path, problem: "it was written by another recipe")
        }
        self.step = step
        var steps: [String: Int64] = [:]
        for line in series.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let last = Int64(parts[0]) else {
                throw .foreignCheckpoint(file: path, problem: "its table of series is damaged at '\(line)'")
            }
            steps[String(parts[1])] = last
        }
        lastSteps = steps
        best = try Self.best(file, path)
    }

    private static func best(_ file: Safetensors, _ path: String) throws(TrainingError) -> BestEpoch? {
        guard let text = file.metadata["best"] else { return nil }
        let parts = text.split(separator: " ")
        guard parts.count == 2, let epoch = Int(parts[0]), let accuracy = Double(parts[1]) else {
            throw .foreignCheckpoint(file: path, problem: "its best epoch is damaged at '\(text)'")
        }
        return BestEpoch(epoch: epoch, accuracy: accuracy, state: tensors(of: file, under: bestPrefix))
    }

    /// The tensors whose keys begin with `prefix`, by what follows it.
    private static func tensors(of file: Safetensors, under prefix: String) -> [String: Tensor] {
        let named = file.tensors.filter { $0.key.hasPrefix(prefix) }
        let pairs = named.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        return Dictionary(pairs) { first, _ in first }
    }

    private static let bestPrefix = "best."
    private static let optimizerPrefix = "optimizer."
}

/// What has to be equal for one tensor to take another's place.
private struct Kind: Equatable {
    let shape: [Int]
    let dtype: DType

    init(_ tensor: Tensor) {
        (shape, dtype) = (tensor.shape, tensor.dtype)
    }
}

/// The last step of every series that a checkpoint of this plan knows of; a recorder removes what came later.
///
/// Throws where the file is no such checkpoint: ask before anything is removed.
public func lastStepsOfCheckpoint(_ path: String, plan: TrainingPlan) throws -> [String: Int64] {
    try Checkpoint(try Safetensors(contentsOf: path), path, plan: plan).lastSteps
}
