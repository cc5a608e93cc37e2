#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the learning rate moves over a training.
public enum Schedule: Sendable, Equatable {
    /// Always the peak.
    case constant
    /// From the peak to `endShare` of it along half a cosine (Loshchilov and Hutter 2017).
    case cosine(endShare: Double = 0)
    /// Up from `peak / startDivisor`, then down to `peak / (startDivisor · endDivisor)`, both along half a cosine
    /// (Smith and Topin 2018, as PyTorch's `OneCycleLR` has it, without cycling the momentum).
    case oneCycle(warmUpShare: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4)

    /// The learning rate of `step`, counted from 0, of `stepCount` steps.
    public func rate(peak: Double, step: Int, of stepCount: Int) -> Double {
        switch self {
        case .constant:
            return peak
        case .cosine(let endShare):
            return anneal(from: peak, to: peak * endShare, share: Double(step) / Double(stepCount))
        case .oneCycle(let warmUpShare, let startDivisor, let endDivisor):
            let start = peak / startDivisor
            let turn = warmUpShare * Double(stepCount) - 1
            // Without a step to warm up in, the first step is at the peak.
            if turn > 0, Double(step) <= turn {
                return anneal(from: start, to: peak, share: Double(step) / turn)
            }
            guard Double(stepCount) - 1 > turn else { return peak }
            let share = max(0, Double(step) - turn) / (Double(stepCount) - 1 - turn)
            return anneal(from: peak, to: start / endDivisor, share: min(1, share))
        }
    }

    private func anneal(from start: Double, to end: Double, share: Double) -> Double {
        end + (start - end) / 2 * (1 + cos(.pi * share))
    }
}
