public import AviaryAutograd
public import AviaryTensors

/// Steps the less, the more gradient a number has seen: rare features keep a long step.
///
/// With gradient `g`, parameter `p`, sum `s` (at first `initialSum`) and `t` the parameter's steps, this one included:
/// `g ← scale · g + decay · p`, `s ← s + g²`, `p ← p - rate / (1 + (t - 1) · rateDecay) · g / (√s + ε)`.
///
/// Of a gradient that is rows of a table only those rows are stepped, which without decay is the dense step, and
/// PyTorch's sparse one. Decay, which PyTorch refuses there, draws on the looked-up rows alone.
///
/// Source: Duchi et al. 2011, section 1.1 (its diagonal form); PyTorch `torch.optim.Adagrad`.
public final class Adagrad: Optimizer {
    /// How fast the rate falls with the steps.
    public let rateDecay: Double
    /// How strongly parameters are drawn to zero, through their gradient.
    public let weightDecay: Double
    /// What every sum of squares begins with.
    public let initialSum: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    private var table: StateTable

    /// An optimizer over groups of parameters.
    public init(
        groups: [ParameterGroup], rateDecay: Double = 0, weightDecay: Double = 0, initialSum: Double = 0,
        epsilon: Double = 1e-10
    ) {
        self.rateDecay = rateDecay
        self.weightDecay = weightDecay
        self.initialSum = initialSum
        self.epsilon = epsilon
        table = StateTable(groups, names: ["squareSum"], isCounting: true, filledWith: initialSum)
    }

    /// An optimizer over parameters that are all treated alike.
    public convenience init(
        _ parameters: [Parameter], rateDecay: Double = 0, weightDecay: Double = 0, initialSum: Double = 0,
        epsilon: Double = 1e-10
    ) {
        self.init(
            groups: [ParameterGroup("all", parameters)], rateDecay: rateDecay, weightDecay: weightDecay,
            initialSum: initialSum, epsilon: epsilon)
    }

    /// What it changes, group behind group.
    public var parameters: [Parameter] { table.parameters }

    /// `squareSum.N` and `stepCount.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(gradients, rate: rate, weightDecay: weightDecay) { turn in
            .adagrad(
                rate: turn.rate / (1 + Double(turn.stepCount - 1) * rateDecay), epsilon: epsilon,
                weightDecay: turn.weightDecay, gradientScale: gradientScale)
        }
    }
}
