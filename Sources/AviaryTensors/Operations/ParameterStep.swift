import AviaryKernels

/// One step of an optimizer with all its numbers, to be made over a parameter (`ParameterSteps`).
package struct ParameterStep: Sendable {
    let name: String
    let kernel: any OptimizerStep

    /// SGD (`Optimizers/SGD.swift` has the rule); the state is the momentum.
    package static func sgd(
        rate: Double, momentum: Double, weightDecay: Double, gradientScale: Double, isNesterov: Bool
    ) -> ParameterStep {
        ParameterStep(
            name: "SGD step",
            kernel: SGDStep(
                rate: rate, momentum: momentum, weightDecay: weightDecay, gradientScale: gradientScale,
                isNesterov: isNesterov))
    }

    /// Adam or AdamW (`Optimizers/Adam.swift` and `AdamW.swift` have the rules); the state is both moments.
    package static func adam(
        stepCount: Int, rate: Double, firstMomentDecay: Double, secondMomentDecay: Double, epsilon: Double,
        epsilonPlace: EpsilonPlace = .correctedRoot, weightDecay: Double, isDecoupled: Bool,
        gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "Adam step",
            kernel: AdamStep(
                stepCount: stepCount, rate: rate, firstMomentDecay: firstMomentDecay,
                secondMomentDecay: secondMomentDecay, epsilon: epsilon,
                isEpsilonCorrected: epsilonPlace == .uncorrectedRoot, weightDecay: weightDecay,
                isDecoupled: isDecoupled, gradientScale: gradientScale))
    }

    /// To which root of Adam's second moment ε is added.
    package enum EpsilonPlace: Sendable {
        /// `√v / √(1 - β₂ᵗ) + ε`.
        case correctedRoot
        /// `(√v + ε) / √(1 - β₂ᵗ)`.
        case uncorrectedRoot
    }

    /// Adagrad (`Optimizers/Adagrad.swift` has the rule); the state is the sum of squares.
    package static func adagrad(
        rate: Double, epsilon: Double, weightDecay: Double, gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "Adagrad step",
            kernel: AdagradStep(
                rate: rate, epsilon: epsilon, weightDecay: weightDecay, gradientScale: gradientScale))
    }

    /// RMSprop (`Optimizers/RMSprop.swift` has the rule and the order of the state).
    package static func rmsprop(
        rate: Double, smoothing: Double, epsilon: Double, momentum: Double, isCentered: Bool,
        weightDecay: Double, gradientScale: Double
    ) -> ParameterStep {
        ParameterStep(
            name: "RMSprop step",
            kernel: RMSpropStep(
                rate: rate, smoothing: smoothing, epsilon: epsilon, momentum: momentum,
                isCentered: isCentered, weightDecay: weightDecay, gradientScale: gradientScale))
    }
}
