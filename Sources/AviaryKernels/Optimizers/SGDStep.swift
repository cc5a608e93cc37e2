import CAviaryKernels

/// One step of SGD (`Optimizers/SGD.swift` has the rule); the state is the momentum.
package struct SGDStep: OptimizerStep {
    private let rate: Double
    private let momentum: Double
    private let weightDecay: Double
    private let gradientScale: Double
    private let isNesterov: Bool

    package init(
        rate: Double, momentum: Double, weightDecay: Double, gradientScale: Double, isNesterov: Bool
    ) {
        self.rate = rate
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.gradientScale = gradientScale
        self.isNesterov = isNesterov
    }

    package var vectorised: VectorisedRule {
        let rule = aviary_sgd_rule(
            rate: Float(rate), momentum: Float(momentum), weight_decay: Float(weightDecay),
            gradient_scale: Float(gradientScale), nesterov: isNesterov)
        return VectorisedRule(kind: AVIARY_SGD, numbers: aviary_rule_numbers(sgd: rule))
    }

    package func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>) {
        for i in 0..<arrays.count {
            let p = arrays.parameter[i]
            let g = arrays.gradient[i] * T(gradientScale) + T(weightDecay) * p
            let m = arrays.state[0][i] * T(momentum) + g
            arrays.state[0][i] = m
            arrays.parameter[i] = p - T(rate) * (isNesterov ? g + T(momentum) * m : m)
        }
    }
}
