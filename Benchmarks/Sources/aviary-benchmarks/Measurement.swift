import AviaryAutograd
import AviaryTensors
import Foundation

/// One thing that is timed or checked: a training step of a workload, or its forward pass.
struct Measurement: Sendable {
    let workload: Workload
    let variant: Variant
    /// How many rows a forward pass has; `nil` for training.
    let inferenceBatch: Int?

    /// `f32` for training, `f32-b1` for a forward pass of one row.
    var name: String { variant.rawValue + (inferenceBatch.map { "-b\($0)" } ?? "") }

    var kind: String { inferenceBatch == nil ? "train" : "infer" }

    /// Those of all workloads, each workload's training first.
    static func all(withInference: Bool) -> [Measurement] {
        workloads.flatMap { workload in
            let batches = [nil] + (withInference ? workload.inferenceBatches : []).map { Optional($0) }
            return batches.flatMap { batch in
                workload.variants.map { Measurement(workload: workload, variant: $0, inferenceBatch: batch) }
            }
        }
    }

    /// The milliseconds of so many steps or passes, in order.
    func timed(repeats: Int) -> [Double] {
        var random = RandomStream(seed: 0, name: "benchmark")
        let trainee = workload.makeTrainee(variant, true, &random)
        let run = inferenceBatch.map { forward(trainee, $0, random) } ?? training(trainee, random)
        return milliseconds(of: run, repeats: repeats * workload.repeatFactor)
    }

    /// Forward, loss, backward and optimizer, on rows of its own where the workload has them.
    private func training(_ trainee: Trainee, _ random: RandomStream) -> () -> Void {
        var random = random
        var batch = workload.draw(workload.batchSize, &random)
        var number: UInt32 = 0
        return {
            if workload.drawsEveryStep { batch = workload.draw(workload.batchSize, &random) }
            _ = trainee.step(batch, number: number, rate: workload.rate, autocast: variant.autocast)
            number += 1
        }
    }

    private func forward(_ trainee: Trainee, _ count: Int, _ random: RandomStream) -> () -> Void {
        var random = random
        let inputs = workload.draw(count, &random).inputs
        return { _ = trainee.output(inputs, autocast: variant.autocast) }
    }
}

extension Trainee {
    /// One step of training.
    func step(
        _ batch: Batch, number: UInt32, rate: Double, autocast: Autocast?
    ) -> (loss: Tensor, gradients: Gradients) {
        let pass = Pass(.training, step: number, autocast: autocast)
        let loss = self.loss(pass.input(batch.inputs), batch.labels)
        let gradients = loss.backward()
        optimizer.step(gradients, rate: rate)
        pass.applyBufferUpdates()
        return (loss.tensor, gradients)
    }

    /// The logits in evaluation; nothing is recorded.
    func output(_ inputs: Tensor, autocast: Autocast?) -> Tensor {
        logits(Pass(.evaluation, autocast: autocast).input(inputs)).tensor
    }
}

/// The milliseconds of so many steps, in order, after two that warm up.
private func milliseconds(of step: () -> Void, repeats: Int) -> [Double] {
    for _ in 0..<2 { step() }
    let times = (0..<repeats).map { _ in
        let duration = ContinuousClock().measure(step)
        return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
    }
    return times.sorted()
}
