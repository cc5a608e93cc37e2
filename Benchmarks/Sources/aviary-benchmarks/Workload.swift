import AviaryAutograd
import AviaryLayers
import AviaryModels
import AviaryOptimizers
import AviaryTensors

/// Something to time; the names and the shapes are those of peers/torch_peer.py.
struct Workload: Sendable {
    let name: String
    let variant: String
    /// Sets everything up and gives one whole training step.
    let makeStep: @Sendable () -> () -> Void
}

let workloads = [
    Workload(name: "resnet20-fashion", variant: "f32") {
        var random = RandomStream(seed: 0, name: "benchmark")
        let model = SmallImageResNet(depth: 20, shortcut: .projection, random: &random)
        let optimizer = SGD(model.parameters, momentum: 0.9, weightDecay: 5e-4)
        return classification(model, optimizer, rate: 0.1, images: [128, 1, 28, 28], &random)
    }
]

/// Forward, loss, backward and optimizer over one batch of normal numbers with ten classes.
private func classification(
    _ model: some Layer, _ optimizer: SGD, rate: Double, images shape: [Int], _ random: inout RandomStream
) -> () -> Void {
    let images = random.normalTensor(shape, deviation: 1)
    let labels = Tensor((0..<shape[0]).map { Int64($0 * 7 % 10) }, shape: [shape[0]])
    return {
        let pass = Pass(.training)
        let loss = softmaxCrossEntropy(model(pass.input(images)), labels: labels)
        optimizer.step(loss.backward(), rate: rate)
        pass.applyBufferUpdates()
    }
}
