import AviaryModels
import AviaryOptimizers
import AviaryTensors

/// The perceptron 784-128-128-10.
let perceptronWorkload = Workload(
    name: "mlp-784", variants: [.f32], rate: 1e-3, batchSize: 64, repeatFactor: 20,
    draw: { count, random in
        Batch(
            inputs: random.normalTensor([count, 784], deviation: 1),
            labels: random.integerTensor([count], below: 10))
    },
    makeTrainee: { _, _, random in
        let model = MLP(random: &random)
        return Trainee(model, Adam(model.parameters))
    })
