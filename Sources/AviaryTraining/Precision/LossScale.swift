/// By how much a loss is multiplied before backward, so that small gradients are not lost in `f16`, and how that moves.
///
/// After a step whose gradients are not all finite it shrinks, and the step is skipped; after `growthInterval` good
/// steps in a row it grows. It never falls below `minimum`: gradients that are not finite there come from the training
/// itself, not from the scale. It is a value: a checkpoint keeps it whole.
///
/// Source: Micikevicius et al. 2018, section 3.2; PyTorch's `torch.amp.GradScaler`, which has no least scale.
public struct LossScale: Sendable, Equatable {
    /// What the scale is multiplied by when it grows.
    public let growthFactor: Double
    /// What it is multiplied by after a skipped step.
    public let backoffFactor: Double
    /// How many good steps in a row make it grow.
    public let growthInterval: Int
    /// It never falls below.
    public let minimum: Double
    /// What the loss is multiplied by now.
    public private(set) var value: Double
    /// Good steps since it last changed.
    public private(set) var goodStepCount = 0
    /// Steps that were skipped, in all.
    public private(set) var skippedStepCount = 0

    /// A scale that begins at `start`.
    public init(
        start: Double = 65_536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
        growthInterval: Int = 2000, minimum: Double = 1
    ) {
        value = start
        self.growthFactor = growthFactor
        self.backoffFactor = backoffFactor
        self.growthInterval = growthInterval
        self.minimum = minimum
    }

    /// Notes a step whose gradients were finite.
    public mutating func noteGoodStep() {
        goodStepCount += 1
        guard goodStepCount == growthInterval else { return }
        goodStepCount = 0
        // The loss is multiplied in single precision: as in PyTorch, a scale that has no place there is left out.
        if Float(value * growthFactor).isFinite { value *= growthFactor }
    }

    /// Notes a step that is skipped because a gradient was not finite.
    ///
    /// Throws, and leaves the scale as it is, where it would fall below `minimum`.
    public mutating func noteSkippedStep() throws(LossScaleError) {
        skippedStepCount += 1
        goodStepCount = 0
        guard value * backoffFactor >= minimum else {
            throw LossScaleError(value: value, minimum: minimum, skippedStepCount: skippedStepCount)
        }
        value *= backoffFactor
    }

    /// Goes on from where another scale of the same settings was.
    ///
    /// - Returns: Whether the figures can be those of such a scale; where not, nothing changes.
    mutating func restore(value: Double, goodStepCount: Int, skippedStepCount: Int) -> Bool {
        guard Float(value).isFinite, value >= minimum, (0..<growthInterval).contains(goodStepCount),
            skippedStepCount >= 0
        else { return false }
        (self.value, self.goodStepCount, self.skippedStepCount) = (value, goodStepCount, skippedStepCount)
        return true
    }
}

/// Gradients that are not finite at the least loss scale.
public struct LossScaleError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The scale at which they were not.
    public let value: Double
    /// The least scale.
    public let minimum: Double
    /// Steps that were skipped, in all.
    public let skippedStepCount: Int

    /// One sentence: why the scale cannot help any more.
    public var description: String {
        "a gradient was not finite at a loss scale of \(value), which may not fall below \(minimum) "
            + "(\(skippedStepCount) steps were skipped)"
    }
}
