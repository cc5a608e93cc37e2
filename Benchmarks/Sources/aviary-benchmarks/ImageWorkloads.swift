import AviaryModels
import AviaryOptimizers
import AviaryTensors

/// ResNet-18 on images of CIFAR's size and ResNet-20 on those of Fashion-MNIST's.
let imageWorkloads = [
    images(
        "resnet18-cifar", widths: [64, 128, 256, 512], blocks: [2, 2, 2, 2], of: [3, 32, 32], batchSize: 64,
        inferenceBatches: [1, 64]),
    images(
        "resnet20-fashion", widths: [16, 32, 64], blocks: [3, 3, 3], of: [1, 28, 28], batchSize: 128),
]

private let classes = 10

private func images(
    _ name: String, widths: [Int], blocks: [Int], of extent: [Int], batchSize: Int,
    inferenceBatches: [Int] = []
) -> Workload {
    Workload(
        name: name, variants: [.f32, .bf16], rate: 0.1, batchSize: batchSize,
        inferenceBatches: inferenceBatches, checkStart: .pictures(of: extent),
        draw: { count, random in
            Batch(
                inputs: random.normalTensor([count] + extent, deviation: 1),
                labels: random.integerTensor([count], below: classes))
        },
        makeTrainee: { _, _, random in
            let model = SmallImageResNet(
                widths: widths, blocks: blocks, channels: extent[0], classes: classes, random: &random)
            return Trainee(model, SGD(model.parameters, momentum: 0.9, weightDecay: 5e-4))
        })
}
