import AviaryOptimizers

/// Lowers the peak of the learning rate once validation has stopped getting better; asked at the end of each epoch.
public struct PlateauPlan: Sendable, Equatable {
    /// What is looked at.
    public enum Metric: String, Sendable, CaseIterable {
        case loss
        case accuracy
    }

    /// What is looked at.
    public var metric = Metric.loss
    /// What the rate is multiplied by.
    public var factor = 0.1
    /// How many epochs in a row may be no better before the rate falls.
    public var patience = 10
    /// The share of the best by which the metric has to be better to count.
    public var threshold = 1e-4
    /// How many epochs after a fall are not held against the rate.
    public var cooldown = 0
    /// The rate never falls below.
    public var minimumRate = 0.0

    /// The defaults above, which are PyTorch's.
    public init() {}

    /// A plateau that begins at `rate`.
    func plateau(rate: Double) -> Plateau {
        Plateau(
            rate: rate, aim: metric == .loss ? .least : .greatest, factor: factor, patience: patience,
            threshold: .relative(threshold), cooldown: cooldown, minimumRate: minimumRate)
    }
}
