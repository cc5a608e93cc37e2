import AviaryAutograd
import AviaryCheckpoints
import AviaryLayers
import AviaryTensors
import Foundation

/// Computes from exported weights and batches what peers/checking.py computes too: equality comes before speed.
struct Check {
    let measurement: Measurement
    let exchange: Exchange

    private static let stepCount = 20
    private static let rateFactor = 0.01

    private var workload: Workload { measurement.workload }
    private var autocast: Autocast? { measurement.variant.autocast }

    /// Writes the tensors, and gives the row.
    func run() throws -> CheckRow {
        var random = RandomStream(seed: 0, name: "check")
        let trainee = workload.makeTrainee(measurement.variant, false, &random)
        try exchange.load(workload, into: trainee.model)
        let batches = try exchange.readBatches(workload)
        let (losses, tensors) =
            if let count = measurement.inferenceBatch {
                ([Double](), ["output": output(trainee, batches[0].inputs, count)])
            } else {
                train(trainee, batches)
            }
        let path = exchange.found(measurement)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Safetensors(tensors: tensors).write(to: path)
        return CheckRow(
            workload: workload.name, variant: measurement.name, kind: measurement.kind, losses: losses,
            tensors: path)
    }

    /// The losses of the steps, and what the first left: every gradient and every running statistic.
    private func train(_ trainee: Trainee, _ batches: [Batch]) -> ([Double], [String: Tensor]) {
        var losses: [Double] = []
        var tensors: [String: Tensor] = [:]
        for number in 0..<Self.stepCount {
            let (loss, gradients) = trainee.step(
                batches[number % batches.count], number: UInt32(number),
                rate: workload.rate * Self.rateFactor,
                autocast: autocast)
            if number == 0 { tensors = firstStep(trainee.model, gradients) }
            losses.append(loss.scalar)
        }
        return (losses, tensors)
    }

    private func firstStep(_ model: any Module, _ gradients: Gradients) -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for entry in model.state {
            switch entry.holder {
            case .parameter(let parameter): tensors["gradient/\(entry.key)"] = gradients[parameter]
            case .buffer(let buffer): tensors["statistic/\(entry.key)"] = buffer.value
            }
        }
        return tensors
    }

    /// The logits of the first rows, in f32.
    private func output(_ trainee: Trainee, _ inputs: Tensor, _ count: Int) -> Tensor {
        let rows = Pass(.evaluation).input(inputs).sliced(0..<count, along: 0).tensor
        return trainee.output(rows, autocast: autocast).cast(to: .f32)
    }
}
