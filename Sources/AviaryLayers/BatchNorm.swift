public import AviaryAutograd
import AviaryTensors

/// Normalises each channel: by the batch in training, by running statistics in evaluation.
///
/// Frozen statistics win over the pass's mode: they are used in training as well, and nothing is changed.
/// PyTorch's norm, with `requires_grad` off, goes on using and counting the batch until its own mode is set
/// to evaluation.
///
/// Source: Ioffe and Szegedy 2015. As in PyTorch the running variance is the unbiased one.
public struct BatchNorm: Layer {
    /// The scale of each channel.
    public let weight: Parameter
    /// The shift of each channel.
    public let bias: Parameter
    /// The mean of each channel, as evaluation uses it.
    public let runningMean: Buffer
    /// The variance of each channel, as evaluation uses it.
    public let runningVariance: Buffer
    /// How many batches went into the running statistics.
    public let batchCount: Buffer
    private let epsilon: Double
    private let momentum: Double

    /// PyTorch's names.
    public static let stateKeys = [
        "runningMean": "running_mean", "runningVariance": "running_var", "batchCount": "num_batches_tracked",
    ]

    /// A layer for so many channels; `momentum` is the share of the new batch in the running statistics.
    public init(_ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
        weight = Parameter(Tensor(repeating: 1 as Float, shape: [channels]))
        bias = Parameter(.zeros([channels]))
        runningMean = Buffer(.zeros([channels]))
        runningVariance = Buffer(Tensor(repeating: 1 as Float, shape: [channels]))
        batchCount = Buffer(.zeros([], dtype: .int64))
        self.epsilon = epsilon
        self.momentum = momentum
    }

    /// `[N, C, H, W]` to the same shape; stops the program where training has but one value per channel.
    public func callAsFunction(_ x: Variable) -> Variable {
        self(x, adding: nil, activation: .none)
    }

    /// `[N, C, H, W]` to the same shape: normalised, the residual added, then the activation, in one pass over memory.
    ///
    /// The result is of the kind of `x`, also where the residual is of a wider one.
    public func callAsFunction(
        _ x: Variable, adding residual: Variable? = nil, activation: NormActivation
    ) -> Variable {
        guard x.shape.count == 4 else { shapeMistake("batch norm", x.shape, "[N, C, H, W]") }
        guard x.pass.mode == .training, !hasFrozenStatistics else {
            let running = ChannelStatistics(mean: runningMean.value, variance: runningVariance.value)
            return batchNorm(
                x, scale: x.pass.use(weight), shift: x.pass.use(bias), epsilon: epsilon, adding: residual,
                activation: activation, runningStatistics: running)
        }
        return batchNorm(
            x, scale: x.pass.use(weight), shift: x.pass.use(bias), epsilon: epsilon, adding: residual,
            activation: activation
        ) { remember($0, rows: x.shape[0] * x.shape[2] * x.shape[3], in: x.pass) }
    }

    /// Whether the running statistics stand still; they belong together, so one is enough.
    private var hasFrozenStatistics: Bool { runningMean.isFrozen || runningVariance.isFrozen }

    /// Folds a batch's statistics into the running ones.
    private func remember(_ batch: ChannelStatistics, rows: Int, in pass: Pass) {
        let unbiased = Double(rows) / Double(rows - 1)
        pass.update(runningMean) {
            $0.blended(with: batch.mean, keeping: 1 - momentum, adding: momentum)
        }
        pass.update(runningVariance) {
            $0.blended(with: batch.variance, keeping: 1 - momentum, adding: momentum * unbiased)
        }
        pass.update(batchCount) { Tensor(Int64($0.scalar) + 1) }
    }
}
