import AviaryTensors

/// How many images of a step were told right, and how long what is no part of the step took.
///
/// A class because each micro-batch adds to it from within the window's closure.
final class StepTally {
    private var (correct, count) = (0, 0)
    private(set) var asideTime = Duration.zero

    var accuracy: Double { Double(correct) / Double(max(1, count)) }

    /// Runs what is no part of the step.
    func aside<R>(_ body: () throws -> R) rethrows -> R {
        let (clock, start) = (ContinuousClock(), ContinuousClock.now)
        defer { asideTime += clock.now - start }
        return try body()
    }

    func add(_ logits: Tensor, labels: Tensor) {
        let labels = labels.values(as: Int64.self)
        correct += zip(logits.cast(to: .f32).argmaxOfRows, labels).count { $0 == Int($1) }
        count += labels.count
    }
}
