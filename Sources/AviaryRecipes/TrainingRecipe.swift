/// How it is trained.
package struct TrainingRecipe: Sendable, Equatable {
    package enum Precision: String, Sendable, CaseIterable {
        case f32, bf16, f16
    }

    package var epochs: Int
    /// Of a pass; a step has `accumulation` of them.
    package var batchSize: Int
    package var accumulation: Int
    package var seed: Int
    package var learningRate: Double
    package var schedule: Schedule
    package var warmUp: WarmUp?
    package var optimizer: Optimizer
    package var labelSmoothing: Double
    package var clipNorm: Double?
    package var clipValue: Double?
    package var emaDecay: Double?
    package var precision: Precision
    package var checkpointEverySteps: Int
    /// As many as the engine finds where nil.
    package var threads: Int?
}

extension TrainingRecipe {
    package enum Schedule: Sendable, Equatable {
        case constant
        case cosine(endShare: Double)
        /// Times `factor` after every so many steps.
        case step(everySteps: Int, factor: Double)
        case linear(startShare: Double, endShare: Double)
        /// Rises to the peak over `warmUpShare` of all steps, then falls.
        case oneCycle(warmUpShare: Double)
        case polynomial(power: Double)
        case plateau(Plateau)

        enum Kind: String, CaseIterable {
            case constant, cosine, step, linear
            case oneCycle = "one-cycle"
            case polynomial, plateau
        }

        var kind: Kind {
            switch self {
            case .constant: .constant
            case .cosine: .cosine
            case .step: .step
            case .linear: .linear
            case .oneCycle: .oneCycle
            case .polynomial: .polynomial
            case .plateau: .plateau
            }
        }
    }

    /// Lowers the rate once validation has stopped getting better.
    package struct Plateau: Sendable, Equatable {
        package enum Metric: String, Sendable, CaseIterable {
            case loss, accuracy
        }

        package var metric: Metric
        package var factor: Double
        package var patience: Int
        package var threshold: Double
        package var cooldown: Int
        package var minimumRate: Double
    }

    /// A rise before the schedule; one-cycle has its own.
    package struct WarmUp: Sendable, Equatable {
        package var steps: Int
        package var startShare: Double
    }

    package enum Optimizer: Sendable, Equatable {
        case sgd(momentum: Double, weightDecay: Double, nesterov: Bool)
        case adam(betas: Betas, epsilon: Double, weightDecay: Double)
        case adamw(betas: Betas, epsilon: Double, weightDecay: Double)
        case adagrad(rateDecay: Double, initialSum: Double, epsilon: Double, weightDecay: Double)
        case rmsprop(
            smoothing: Double, epsilon: Double, momentum: Double, centered: Bool, weightDecay: Double)

        enum Kind: String, CaseIterable {
            case sgd, adam, adamw, adagrad, rmsprop
        }
    }

    /// How slowly the two moments forget.
    package struct Betas: Sendable, Equatable {
        package var first: Double
        package var second: Double

        package init(first: Double, second: Double) {
            (self.first, self.second) = (first, second)
        }
    }
}
