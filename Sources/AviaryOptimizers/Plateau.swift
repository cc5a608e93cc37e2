/// Lowers the learning rate once a metric has stopped getting better.
///
/// It is a value: a checkpoint keeps it whole.
///
/// Source: PyTorch's `ReduceLROnPlateau`.
public struct Plateau: Sendable, Equatable, Codable {
    /// Which way a metric gets better.
    public enum Aim: String, Sendable, Codable {
        /// Down, as a loss.
        case least
        /// Up, as an accuracy.
        case greatest
    }

    /// By how much a metric has to be better to count.
    public enum Threshold: Sendable, Equatable, Codable {
        /// By this share of the best.
        case relative(Double)
        /// By so much.
        case absolute(Double)
    }

    /// Which way the metric gets better.
    public let aim: Aim
    /// What the rate is multiplied by.
    public let factor: Double
    /// How many observations in a row may be no better before the rate falls.
    public let patience: Int
    /// By how much a metric has to be better to count.
    public let threshold: Threshold
    /// How many observations after a fall are not held against the rate.
    public let cooldown: Int
    /// The rate never falls below.
    public let minimumRate: Double
    /// A fall by no more than this is left out.
    public let smallestFall: Double
    /// The learning rate now.
    public private(set) var rate: Double
    /// The best metric so far.
    public private(set) var best: Double?
    private var worseCount = 0
    private var cooldownLeft = 0

    /// A rate that begins at `rate`.
    public init(
        rate: Double, aim: Aim = .least, factor: Double = 0.1, patience: Int = 10,
        threshold: Threshold = .relative(1e-4), cooldown: Int = 0, minimumRate: Double = 0,
        smallestFall: Double = 1e-8
    ) {
        self.rate = rate
        self.aim = aim
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.cooldown = cooldown
        self.minimumRate = minimumRate
        self.smallestFall = smallestFall
    }

    /// Takes in the metric of one more epoch; the rate is then that of the next.
    ///
    /// NaN is no better than anything.
    public mutating func observe(_ metric: Double) {
        if isBetter(metric) {
            best = metric
            worseCount = 0
        } else {
            worseCount += 1
        }
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            worseCount = 0
        }
        guard worseCount > patience else { return }
        let lower = max(rate * factor, minimumRate)
        if rate - lower > smallestFall { rate = lower }
        cooldownLeft = cooldown
        worseCount = 0
    }

    private func isBetter(_ metric: Double) -> Bool {
        switch (aim, threshold) {
        case (.least, .relative(let share)): metric < (best ?? .infinity) * (1 - share)
        case (.least, .absolute(let distance)): metric < (best ?? .infinity) - distance
        case (.greatest, .relative(let share)): metric > (best ?? -.infinity) * (1 + share)
        case (.greatest, .absolute(let distance)): metric > (best ?? -.infinity) + distance
        }
    }
}
