import CAviaryKernels

/// One step of RMSprop (`Optimizers/RMSprop.swift` has the rule).
///
/// The state is the average square, then the average gradient if it is centered, then the momentum if it has one.
package struct RMSpropStep: OptimizerStep {
    private let rate: Double
    private let smoothing: Double
    private let epsilon: Double
    private let momentum: Double
    private let isCentered: Bool
    private let weightDecay: Double
    private let gradientScale: Double

    package init(
        rate: Double, smoothing: Double, epsilon: Double, momentum: Double, isCentered: Bool,
        weightDecay: Double, gradientScale: Double
    ) {
        self.rate = rate
        self.smoothing = smoothing
        self.epsilon = epsilon
        self.momentum = momentum
        self.isCentered = isCentered
        self.weightDecay = weightDecay
        self.gradientScale = gradientScale
    }

    /// Where the average gradient stands in the state.
    private var meanIndex: Int? { isCentered ? 1 : nil }
    /// Where the momentum stands in the state.
    private var momentumIndex: Int? { momentum > 0 ? (isCentered ? 2 : 1) : nil }

    package var vectorised: VectorisedRule {
        let rule = aviary_rmsprop_rule(
            rate: Float(rate), smoothing: Float(smoothing), share: Float(1 - smoothing),
            epsilon: Float(epsilon), momentum: Float(momentum), weight_decay: Float(weightDecay),
            gradient_scale: Float(gradientScale), centered: isCentered, with_momentum: momentum > 0)
        return VectorisedRule(kind: AVIARY_RMSPROP, numbers: aviary_rule_numbers(rmsprop: rule))
    }

    package func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>) {
        for i in 0..<arrays.count {
            let p = arrays.parameter[i]
            let g = arrays.gradient[i] * T(gradientScale) + T(weightDecay) * p
            let square = arrays.state[0][i] * T(smoothing) + T(1 - smoothing) * g * g
            arrays.state[0][i] = square
            var spread = square
            if let meanIndex {
                let mean = interpolated(arrays.state[meanIndex][i], g, share: T(1 - smoothing))
                arrays.state[meanIndex][i] = mean
                spread -= mean * mean
                // A variance that rounding leaves below zero; NaN stays NaN.
                if spread < 0 { spread = 0 }
            }
            var step = g / (spread.squareRoot() + T(epsilon))
            if let momentumIndex {
                step += arrays.state[momentumIndex][i] * T(momentum)
                arrays.state[momentumIndex][i] = step
            }
            arrays.parameter[i] = p - T(rate) * step
        }
    }
}
