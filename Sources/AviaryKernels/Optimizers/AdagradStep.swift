import CAviaryKernels

/// One step of Adagrad (`Optimizers/Adagrad.swift` has the rule); the state is the sum of squares.
package struct AdagradStep: OptimizerStep {
    private let rate: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let gradientScale: Double

    package init(rate: Double, epsilon: Double, weightDecay: Double, gradientScale: Double) {
        self.rate = rate
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.gradientScale = gradientScale
    }

    package var vectorised: VectorisedRule {
        let rule = aviary_adagrad_rule(
            rate: Float(rate), epsilon: Float(epsilon), weight_decay: Float(weightDecay),
            gradient_scale: Float(gradientScale))
        return VectorisedRule(kind: AVIARY_ADAGRAD, numbers: aviary_rule_numbers(adagrad: rule))
    }

    package func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>) {
        for i in 0..<arrays.count {
            let p = arrays.parameter[i]
            let g = arrays.gradient[i] * T(gradientScale) + T(weightDecay) * p
            let sum = arrays.state[0][i] + g * g
            arrays.state[0][i] = sum
            arrays.parameter[i] = p - T(rate) * g / (sum.squareRoot() + T(epsilon))
        }
    }
}
