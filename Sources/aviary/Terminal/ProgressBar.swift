import AviaryTraining
import Foundation
import Synchronization

/// Shows a training's progress on standard error: a bar on a terminal, plain lines elsewhere.
final class ProgressBar: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex((lastTenth: -1, lastDraw: ContinuousClock.now - .seconds(1)))

    /// Shows one step.
    func show(_ progress: TrainingProgress) {
        if isTerminal { draw(progress) } else { report(progress) }
        guard let validation = progress.validation else { return }
        let line =
            "epoch \(progress.epoch): validation loss \(fixed(validation.loss, 4)), "
            + "accuracy \(fixed(validation.accuracy * 100, 2)) %"
        say((isTerminal ? "\r\u{1B}[K" : "") + line + "\n")
    }

    /// Ends the bar's line.
    func finish() {
        if isTerminal { say("\r\u{1B}[K") }
    }

    private func draw(_ progress: TrainingProgress) {
        let isDue = state.withLock { state in
            guard state.lastDraw.duration(to: .now) > .milliseconds(100) else { return false }
            state.lastDraw = .now
            return true
        }
        guard isDue else { return }
        let filled = 24 * progress.step / max(1, progress.stepCount)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        say("\r\u{1B}[K\(bar) \(summary(progress))")
    }

    /// One line each tenth of the training.
    private func report(_ progress: TrainingProgress) {
        let tenth = 10 * progress.step / max(1, progress.stepCount)
        let isNew = state.withLock { state in
            defer { state.lastTenth = tenth }
            return tenth != state.lastTenth
        }
        if isNew { say("step \(progress.step)/\(progress.stepCount) \(summary(progress))\n") }
    }

    private func summary(_ progress: TrainingProgress) -> String {
        let steps = Double(progress.stepCount - progress.step)
        let batch =
            progress.imagesPerSecond > 0 ? steps * Double(progress.batchSize) / progress.imagesPerSecond : 0
        return "\(100 * progress.step / max(1, progress.stepCount)) % loss \(fixed(progress.loss, 4)) "
            + "accuracy \(fixed(progress.accuracy, 3)) \(Int(progress.imagesPerSecond)) images/s, "
            + "\(Int(batch) / 60):\(String(format: "%02d", Int(batch) % 60)) left"
    }
}
