import AviaryAutograd
import AviaryLayers
import AviaryOptimizers
import AviaryTensors

/// Something to time; the names, shapes and update rules are those of peers/workloads.py.
struct Workload: Sendable {
    let name: String
    let variants: [Variant]
    /// The learning rate of the timed steps; the check takes a hundredth of it.
    let rate: Double
    /// How many rows a step has.
    let batchSize: Int
    /// How many times as often it is timed: the steps of a millisecond.
    var repeatFactor = 1
    /// Of which batch sizes the forward pass alone is timed.
    var inferenceBatches: [Int] = []
    /// Whether every step draws rows of its own.
    var drawsEveryStep = false
    /// `nil` where a check starts as a training does.
    var checkStart: CheckStart?
    /// A batch of so many rows.
    let draw: @Sendable (Int, inout RandomStream) -> Batch
    /// The model at its start with its optimizer; without dropout where the numbers are to be checked.
    let makeTrainee: @Sendable (Variant, _ drops: Bool, inout RandomStream) -> Trainee
}

/// In which precision a step computes, or how its tables are stepped.
enum Variant: String, Sendable {
    case f32
    case bf16
    case denseAdam = "dense-adam"
    case sparseAdam = "sparse-adam"

    /// Parameters stay in f32, as the peer's under `torch.autocast`.
    var autocast: Autocast? { self == .bf16 ? .standard(.bf16) : nil }
}

/// The rows of one step.
struct Batch: Sendable {
    let inputs: Tensor
    /// int64, a class for each row.
    let labels: Tensor
}

/// A model with what a step needs beside it.
struct Trainee {
    let model: any Module
    let optimizer: any Optimizer
    let logits: (Variable) -> Variable
    let loss: (Variable, Tensor) -> Variable

    /// A classifier.
    init(_ model: some Layer, _ optimizer: any Optimizer) {
        self.init(
            model, optimizer, logits: { model($0) },
            loss: { inputs, labels in softmaxCrossEntropy(model(inputs), labels: labels) })
    }

    init(
        _ model: any Module, _ optimizer: any Optimizer, logits: @escaping (Variable) -> Variable,
        loss: @escaping (Variable, Tensor) -> Variable
    ) {
        (self.model, self.optimizer, self.logits, self.loss) = (model, optimizer, logits, loss)
    }
}

/// All of them, in the order of the rows.
let workloads = imageWorkloads + [encoderWorkload, twoTowerWorkload, perceptronWorkload]
