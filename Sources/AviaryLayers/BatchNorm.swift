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
    /// The scale of each channel; `nil` where the layer has none.
    public let weight: Parameter?
    /// The shift of each channel; `nil` where the layer has none.
    public let bias: Parameter?
    /// The mean of each channel, as evaluation uses it; `nil` where the layer remembers nothing.
    public let runningMean: Buffer?
    /// The variance of each channel, as evaluation uses it; `nil` where the layer remembers nothing.
    public let runningVariance: Buffer?
    /// How many batches went into the running statistics; `nil` where the layer remembers nothing.
    public let batchCount: Buffer?
    private let epsilon: Double
    private let momentum: Double?
    /// Scale and shift of a layer without: kept, because a folded convolution is found again by their storage.
    private let ones: Tensor
    private let zeros: Tensor

    /// PyTorch's names.
    public static let stateKeys = [
        "runningMean": "running_mean", "runningVariance": "running_var", "batchCount": "num_batches_tracked",
    ]

    /// A layer for so many channels.
    ///
    /// - Parameters:
    ///   - channels: `C`.
    ///   - epsilon: Added to the variance.
    ///   - momentum: The share of the new batch in the running statistics; `nil` for the mean of all batches so far.
    ///   - isAffine: Whether it scales and shifts.
    ///   - tracksRunningStatistics: Whether it has running statistics; else evaluation uses the batch's own too.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, isAffine: Bool = true,
        tracksRunningStatistics: Bool = true
    ) {
        // Each of its own storage, which may be changed where it lies.
        func ones() -> Tensor { Tensor(repeating: 1 as Float, shape: [channels]) }
        func zeros() -> Tensor { .zeros([channels]) }
        (self.ones, self.zeros) = (ones(), zeros())
        weight = isAffine ? Parameter(ones()) : nil
        bias = isAffine ? Parameter(zeros()) : nil
        runningMean = tracksRunningStatistics ? Buffer(zeros()) : nil
        runningVariance = tracksRunningStatistics ? Buffer(ones()) : nil
        batchCount = tracksRunningStatistics ? Buffer(.zeros([], dtype: .int64)) : nil
        self.epsilon = epsilon
        self.momentum = momentum
    }

    /// `[N, C]`, `[N, C, L]` or `[N, C, H, W]` to the same shape.
    public func callAsFunction(_ x: Variable) -> Variable {
        self(x, adding: nil, activation: .none)
    }

    /// `[N, C]`, `[N, C, L]` or `[N, C, H, W]` to the same shape: normalised, the residual added, then the activation, in
    /// one pass over memory.
    ///
    /// The result is of the kind of `x`, also where the residual is of a wider one.
    public func callAsFunction(
        _ x: Variable, adding residual: Variable? = nil, activation: NormActivation
    ) -> Variable {
        guard (2...4).contains(x.shape.count) else {
            shapeMistake("batch norm", x.shape, "[N, C], [N, C, L] or [N, C, H, W]")
        }
        if let residual, residual.shape != x.shape {
            shapeMistake("batch norm with a residual", x.shape, residual.shape)
        }
        let running = statistics(in: x.pass) ?? ofNothing(x)
        guard running != nil || x.shape[0] * x.shape.dropFirst(2).reduce(1, *) != 1 else {
            shapeMistake("batch norm in training", x.shape, "more than one value per channel")
        }
        guard x.shape.count < 4 else { return normalised(x, by: running, adding: residual, activation) }
        let images = x.shape + [Int](repeating: 1, count: 4 - x.shape.count)  // [N, C, L or 1, 1]
        let output = normalised(
            x.reshaped(images), by: running, adding: residual?.reshaped(images), activation)
        return output.reshaped(x.shape)
    }

    /// The same of `[N, C, H, W]`.
    private func normalised(
        _ x: Variable, by running: ChannelStatistics?, adding residual: Variable?,
        _ activation: NormActivation
    ) -> Variable {
        batchNorm(
            x, scale: weight.map(x.pass.use) ?? x.pass.input(ones),
            shift: bias.map(x.pass.use) ?? x.pass.input(zeros), epsilon: epsilon, adding: residual,
            activation: activation, runningStatistics: running
        ) { remember($0, rows: x.shape[0] * x.shape[2] * x.shape[3], in: x.pass) }
    }

    /// Those to normalise by; `nil` for the batch's own.
    private func statistics(in pass: Pass) -> ChannelStatistics? {
        guard let runningMean, let runningVariance else { return nil }
        // They belong together, so one that is frozen is enough.
        let standStill = runningMean.isFrozen || runningVariance.isFrozen
        guard pass.mode == .evaluation || standStill else { return nil }
        return ChannelStatistics(mean: runningMean.value, variance: runningVariance.value)
    }

    /// Statistics for a batch without elements, which has none: as in PyTorch it is counted, and the running ones stay.
    private func ofNothing(_ x: Variable) -> ChannelStatistics? {
        guard x.tensor.count == 0 else { return nil }
        if let batchCount { x.pass.update(batchCount) { Tensor(Int64($0.scalar) + 1) } }
        return ChannelStatistics(mean: zeros, variance: ones)
    }

    /// Folds a batch's statistics into the running ones.
    private func remember(_ batch: ChannelStatistics, rows: Int, in pass: Pass) {
        guard let runningMean, let runningVariance, let batchCount else { return }
        // The count of a frozen one stands still, and with it the share.
        var count = batchCount.value.scalar
        pass.update(batchCount) {
            count = $0.scalar + 1
            return Tensor(Int64(count))
        }
        let share = momentum ?? 1 / max(1, count)
        let unbiased = Double(rows) / Double(rows - 1)
        pass.update(runningMean) {
            $0.blended(with: batch.mean, keeping: 1 - share, adding: share)
        }
        pass.update(runningVariance) {
            $0.blended(with: batch.variance, keeping: 1 - share, adding: share * unbiased)
        }
    }
}
