import AviaryAutograd
import AviaryCheckpoints
import AviaryLayers
import AviaryTensors
import Foundation

/// A folder through which two programs start from the same numbers.
///
/// `WORKLOAD.weights.safetensors` has parameters and buffers, `WORKLOAD.batches.safetensors` the batches as `inputs.0`,
/// `labels.0`, `inputs.1` …; what a check found is in a folder of the program's own.
struct Exchange {
    let folder: String

    /// Few, so that the steps of a check come back to each and see what they changed.
    static let batchCount = 4

    private func weights(_ workload: Workload) -> String { "\(folder)/\(workload.name).weights.safetensors" }
    private func batches(_ workload: Workload) -> String { "\(folder)/\(workload.name).batches.safetensors" }

    /// Where the tensors of this program's check go.
    func found(_ measurement: Measurement) -> String {
        "\(folder)/aviary/\(measurement.workload.name).\(measurement.name).safetensors"
    }

    /// Writes a model at its start and the batches of the steps to come.
    func export(_ workload: Workload) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = RandomStream(seed: 0, name: "export")
        let trainee = workload.makeTrainee(workload.variants[0], false, &random)
        workload.checkStart?.prepare(trainee.model)
        let draw = workload.checkStart?.draw ?? workload.draw
        var tensors: [String: Tensor] = [:]
        for number in 0..<Self.batchCount {
            let batch = draw(workload.batchSize, &random)
            tensors["inputs.\(number)"] = batch.inputs
            tensors["labels.\(number)"] = batch.labels
            // So that running statistics are not 0 and 1, under which a norm left out would not show.
            let pass = Pass(.training, recordsGradients: false)
            _ = trainee.logits(pass.input(batch.inputs))
            pass.applyBufferUpdates()
        }
        try Safetensors(tensors: tensors).write(to: batches(workload))
        try Safetensors(tensors: trainee.model.stateDictionary()).write(to: weights(workload))
    }

    /// Sets a model to what was exported.
    func load(_ workload: Workload, into model: any Module) throws {
        let path = weights(workload)
        try model.load(Safetensors(contentsOf: path).tensors, from: path)
    }

    /// The exported batches, in order.
    func readBatches(_ workload: Workload) throws -> [Batch] {
        let path = batches(workload)
        let tensors = try Safetensors(contentsOf: path).tensors
        func tensor(_ name: String) throws -> Tensor {
            guard let tensor = tensors[name] else {
                throw BenchmarkError.incomplete(file: path, missing: name)
            }
            return tensor
        }
        return try (0..<Self.batchCount).map {
            Batch(inputs: try tensor("inputs.\($0)"), labels: try tensor("labels.\($0)"))
        }
    }
}
