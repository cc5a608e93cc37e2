#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// How the learning rate moves over a training.
public indirect enum Schedule: Sendable, Equatable {
    /// Always the peak.
    case constant
    /// From the peak to `endShare` of it along half a cosine (Loshchilov and Hutter 2017).
    case cosine(endShare: Double = 0)
    /// Up from `peak / startDivisor`, then down to `peak / (startDivisor · endDivisor)`, both along half a cosine
    /// (Smith and Topin 2018, as PyTorch's `OneCycleLR` has it, without cycling the momentum).
    case oneCycle(warmUpShare: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4)
    /// Times `factor` after every `interval` steps (PyTorch's `StepLR`).
    case stepDecay(interval: Int, factor: Double = 0.1)
    /// From `startShare` of the peak to `endShare` of it along a line (PyTorch's `LinearLR` over all steps).
    case linear(startShare: Double = 1, endShare: Double = 0)
    /// From the peak to 0 along `(1 - share)^power` (PyTorch's `PolynomialLR` over all steps).
    case polynomial(power: Double = 1)
    /// From `startShare` of the peak up to it along a line in `stepCount` steps, then `next` over those that are left
    /// (PyTorch's `SequentialLR` of a `LinearLR` and another).
    case warmUp(stepCount: Int, startShare: Double = 1.0 / 3, next: Schedule)

    /// The learning rate of `step`, counted from 0, of `stepCount` steps.
    public func rate(peak: Double, step: Int, of stepCount: Int) -> Double {
        switch self {
        case .constant:
            return peak
        case .cosine(let endShare):
            return anneal(from: peak, to: peak * endShare, share: done(step, of: stepCount))
        case .oneCycle(let warmUpShare, let startDivisor, let endDivisor):
            let start = peak / startDivisor
            let turn = warmUpShare * Double(stepCount) - 1
            // PyTorch's arithmetic, also where the share is less than a step: the first is then on the way down.
            if turn > 0, Double(step) <= turn {
                return anneal(from: start, to: peak, share: Double(step) / turn)
            }
            guard Double(stepCount) - 1 > turn else { return peak }
            let share = max(0, Double(step) - turn) / (Double(stepCount) - 1 - turn)
            return anneal(from: peak, to: start / endDivisor, share: min(1, share))
        case .stepDecay(let interval, let factor):
            return peak * pow(factor, Double(step / max(1, interval)))
        case .linear(let startShare, let endShare):
            return peak * (startShare + (endShare - startShare) * done(step, of: stepCount))
        case .polynomial(let power):
            return peak * pow(1 - done(step, of: stepCount), power)
        case .warmUp(let warmUpCount, let startShare, let next):
            guard step < warmUpCount else {
                return next.rate(peak: peak, step: step - warmUpCount, of: stepCount - warmUpCount)
            }
            return peak * (startShare + (1 - startShare) * done(step, of: warmUpCount))
        }
    }

    /// The share of the steps that lie behind; all of none are done.
    private func done(_ step: Int, of stepCount: Int) -> Double {
        stepCount > 0 ? Double(min(step, stepCount)) / Double(stepCount) : 1
    }

    private func anneal(from start: Double, to end: Double, share: Double) -> Double {
        end + (start - end) / 2 * (1 + cos(.pi * share))
    }
}
