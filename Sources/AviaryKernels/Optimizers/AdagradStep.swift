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

    package func run(_ arrays: StepArrays<Float>) {
        let rule = aviary_adagrad_rule(
            rate: Float(rate), epsilon: Float(epsilon), weight_decay: Float(weightDecay),
            gradient_scale: Float(gradientScale))
        Parallel.run(arrays.count, grain: Parallel.elementGrain) {
            let first = $0.lowerBound
            aviary_adagrad(
                rule, arrays.parameter + first, arrays.gradient + first, arrays.state[0] + first,
                arrays.newParameter + first, arrays.newState[0] + first, Int64($0.count))
        }
    }

    package func runPlain<T: BinaryFloatingPoint>(_ arrays: StepArrays<T>) {
        for i in 0..<arrays.count {
            let p = arrays.parameter[i]
            let g = arrays.gradient[i] * T(gradientScale) + T(weightDecay) * p
            let sum = arrays.state[0][i] + g * g
            arrays.newState[0][i] = sum
            arrays.newParameter[i] = p - T(rate) * g / (sum.squareRoot() + T(epsilon))
        }
    }
}
