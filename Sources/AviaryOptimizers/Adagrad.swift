public import AviaryAutograd
public import AviaryTensors

/// Steps the less, the more gradient a number has seen: rare features keep a long step.
///
/// With gradient `g`, parameter `p`, sum `s` (at first `initialSum`) and `t` the parameter's steps, this one included:
/// `g ← scale · g + decay · p`, `s ← s + g²`, `p ← p - rate / (1 + (t - 1) · rateDecay) · g / (√s + ε)`.
///
/// Source: Duchi et al. 2011, section 1.1 (its diagonal form); PyTorch `torch.optim.Adagrad`.
public final class Adagrad: Optimizer {
    /// What it changes.
    public let parameters: [Parameter]
    /// How fast the rate falls with the steps.
    public let rateDecay: Double
    /// How strongly parameters are drawn to zero, through their gradient.
    public let weightDecay: Double
    /// What every sum of squares begins with.
    public let initialSum: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    private var table: StateTable

    /// An optimizer over `parameters`.
    public init(
        _ parameters: [Parameter], rateDecay: Double = 0, weightDecay: Double = 0, initialSum: Double = 0,
        epsilon: Double = 1e-10
    ) {
        self.parameters = parameters
        self.rateDecay = rateDecay
        self.weightDecay = weightDecay
        self.initialSum = initialSum
        self.epsilon = epsilon
        table = StateTable(parameters, names: ["squareSum"], isCounting: true, filledWith: initialSum)
    }

    /// `squareSum.N` and `stepCount.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(parameters, gradients) { parameter, gradient, row in
            parameter.steppedByAdagrad(
                gradient: gradient, squareSum: row.tensors,
                rate: rate / (1 + Double(row.stepCount - 1) * rateDecay), epsilon: epsilon,
                weightDecay: weightDecay, gradientScale: gradientScale)
        }
    }
}
