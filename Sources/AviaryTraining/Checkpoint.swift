public import AviaryCheckpoints
import AviaryLayers
import AviaryOptimizers
import AviaryTensors

/// Everything a training needs to go on exactly: weights, running statistics, momentum, and where it is.
///
/// Random streams and the loader's order are functions of the seed and the step, so the counters stand for them.
struct Checkpoint {
    /// Steps done.
    let step: Int
    /// The last step of every series that was recorded.
    let lastSteps: [String: Int64]

    func write(to path: String, model: any Layer, optimizer: SGD, plan: TrainingPlan) throws(CheckpointError)
    {
        var tensors = model.stateDictionary(prefix: "model.")
        for (index, momentum) in optimizer.state.enumerated() { tensors[Self.momentumKey(index)] = momentum }
        let steps = lastSteps.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let file = Safetensors(
            tensors: tensors,
            metadata: [
                "step": String(step), "seed": String(plan.seed), "plan": String(describing: plan),
                "last_steps": steps.joined(separator: "\n"),
            ])
        try file.write(to: path)
    }

    init(step: Int, lastSteps: [String: Int64]) {
        self.step = step
        self.lastSteps = lastSteps
    }

    /// Reads a checkpoint back into model and optimizer.
    init(from path: String, into model: any Layer, _ optimizer: SGD, plan: TrainingPlan) throws {
        let file = try Safetensors(contentsOf: path)
        guard let step = file.metadata["step"].flatMap(Int.init), let series = file.metadata["last_steps"]
        else {
            throw TrainingError.foreignCheckpoint(file: path, problem: "it holds weights only, no step")
        }
        guard file.metadata["plan"] == String(describing: plan) else {
            throw TrainingError.foreignCheckpoint(file: path, problem: "it was written by another recipe")
        }
        try model.load(file, prefix: "model.", named: path)
        let momenta = optimizer.state.indices.map { file.tensors[Self.momentumKey($0)] }
        guard momenta.map({ $0?.shape }) == optimizer.state.map({ $0.shape }) else {
            throw TrainingError.foreignCheckpoint(
                file: path, problem: "its optimizer state does not fit the model")
        }
        optimizer.state = momenta.compactMap { $0 }
        self.step = step
        lastSteps = Self.parse(series)
    }

    /// The last step of every series, read without a model: what resuming keeps of a run.
    static func lastSteps(in path: String) throws(CheckpointError) -> [String: Int64] {
        parse(try Safetensors(contentsOf: path).metadata["last_steps"] ?? "")
    }

    private static func parse(_ lines: String) -> [String: Int64] {
        var steps: [String: Int64] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let step = Int64(parts[0]) else { continue }
            steps[String(parts[1])] = step
        }
        return steps
    }

    private static func momentumKey(_ index: Int) -> String { "optimizer.momentum.\(index)" }
}

/// The last step of every series that a checkpoint knows of; a recorder removes what came later.
public func lastStepsOfCheckpoint(_ path: String) throws(CheckpointError) -> [String: Int64] {
    try Checkpoint.lastSteps(in: path)
}
