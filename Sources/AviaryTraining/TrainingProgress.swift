/// Where a training is; for a progress bar.
public struct TrainingProgress: Sendable {
    /// Steps done.
    public let step: Int
    /// Steps of the whole training.
    public let stepCount: Int
    /// The epoch, counted from 1.
    public let epoch: Int
    /// The loss of the last step.
    public let loss: Double
    /// The accuracy of the last step's images.
    public let accuracy: Double
    /// Images of one step.
    public let batchSize: Int
    /// Images a second, over the last steps.
    public let imagesPerSecond: Double
    /// What validation said at the end of the last epoch; set for the step that ended it.
    public let validation: ClassificationFigures?
}

/// How fast the last 20 steps were, so that a validation between shows only for a moment.
struct SpeedMeter {
    private var times: [ContinuousClock.Instant] = []

    /// Steps a second, the one that ends now included; 0 before the second step.
    mutating func stepsPerSecond() -> Double {
        times.append(.now)
        if times.count > 21 { times.removeFirst() }
        let elapsed = times[0].duration(to: times[times.count - 1])
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        return seconds > 0 ? Double(times.count - 1) / seconds : 0
    }
}
