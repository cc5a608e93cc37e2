import CAviaryKernels

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// One step of Adam or AdamW (`Optimizers/Adam.swift` and `AdamW.swift` have the rules).
///
/// The state is the first moment, then the second.
package struct AdamStep: OptimizerStep {
    private let stepSize: Double
    private let rootCorrection: Double
    private let epsilon: Double
    private let firstShare: Double
    private let secondDecay: Double
    private let gradientScale: Double
    /// How much of the parameter is added to its gradient: Adam's decay.
    private let gradientDecay: Double
    /// How much of the parameter stays: AdamW's decay.
    private let kept: Double

    /// The step whose number, from 1, is `stepCount`; `isEpsilonCorrected` divides ε by what the root is divided by.
    package init(
        stepCount: Int, rate: Double, firstMomentDecay: Double, secondMomentDecay: Double, epsilon: Double,
        isEpsilonCorrected: Bool = false, weightDecay: Double, isDecoupled: Bool, gradientScale: Double
    ) {
        stepSize = rate / (1 - pow(firstMomentDecay, Double(stepCount)))
        rootCorrection = (1 - pow(secondMomentDecay, Double(stepCount))).squareRoot()
        self.epsilon = isEpsilonCorrected ? epsilon / rootCorrection : epsilon
        firstShare = 1 - firstMomentDecay
        secondDecay = secondMomentDecay
        self.gradientScale = gradientScale
        gradientDecay = isDecoupled ? 0 : weightDecay
        kept = isDecoupled ? 1 - rate * weightDecay : 1
    }

    package var vectorised: VectorisedRule {
        let rule = aviary_adam_rule(
            step_size: Float(stepSize), root_factor: Float(1 / rootCorrection), epsilon: Float(epsilon),
            first_share: Float(firstShare), second_decay: Float(secondDecay),
            second_share: Float(1 - secondDecay), gradient_scale: Float(gradientScale),
            gradient_decay: Float(gradientDecay), kept: Float(kept))
        return VectorisedRule(kind: AVIARY_ADAM, numbers: aviary_rule_numbers(adam: rule))
    }

    package func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>) {
        for i in 0..<arrays.count {
            let p = arrays.parameter[i]
            let g = arrays.gradient[i] * T(gradientScale) + T(gradientDecay) * p
            let m = interpolated(arrays.state[0][i], g, share: T(firstShare))
            let v = arrays.state[1][i] * T(secondDecay) + T(1 - secondDecay) * g * g
            arrays.state[0][i] = m
            arrays.state[1][i] = v
            let root = v.squareRoot() / T(rootCorrection)
            arrays.parameter[i] = p * T(kept) - T(stepSize) * m / (root + T(epsilon))
        }
    }
}
