import AviaryAutograd
import AviaryLayers
import AviaryOptimizers

/// Which rule changes the parameters, with its settings; the types of `AviaryOptimizers` say what they mean.
public enum OptimizerPlan: Sendable, Equatable {
    case sgd(momentum: Double = 0.9, weightDecay: Double = 0, isNesterov: Bool = false)
    case adam(
        firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0)
    case adamw(
        firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999, epsilon: Double = 1e-8,
        weightDecay: Double = 0.01)
    case adagrad(
        rateDecay: Double = 0, initialSum: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0)
    case rmsprop(
        smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, isCentered: Bool = false,
        weightDecay: Double = 0)

    /// As in a recipe; a checkpoint says whose state it holds.
    public var name: String {
        switch self {
        case .sgd: "sgd"
        case .adam: "adam"
        case .adamw: "adamw"
        case .adagrad: "adagrad"
        case .rmsprop: "rmsprop"
        }
    }

    /// A new optimizer over a model's parameters.
    func optimizer(of parameters: [Parameter]) -> any Optimizer {
        switch self {
        case .sgd(let momentum, let weightDecay, let isNesterov):
            SGD(parameters, momentum: momentum, weightDecay: weightDecay, isNesterov: isNesterov)
        case .adam(let first, let second, let epsilon, let weightDecay):
            Adam(
                parameters, firstMomentDecay: first, secondMomentDecay: second, epsilon: epsilon,
                weightDecay: weightDecay)
        case .adamw(let first, let second, let epsilon, let weightDecay):
            AdamW(
                parameters, firstMomentDecay: first, secondMomentDecay: second, epsilon: epsilon,
                weightDecay: weightDecay)
        case .adagrad(let rateDecay, let initialSum, let epsilon, let weightDecay):
            Adagrad(
                parameters, rateDecay: rateDecay, weightDecay: weightDecay, initialSum: initialSum,
                epsilon: epsilon)
        case .rmsprop(let smoothing, let epsilon, let momentum, let isCentered, let weightDecay):
            RMSprop(
                parameters, smoothing: smoothing, epsilon: epsilon, momentum: momentum,
                isCentered: isCentered, weightDecay: weightDecay)
        }
    }
}
