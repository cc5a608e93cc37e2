public import AviaryAutograd
public import AviaryTensors

/// Adam whose weight decay is kept out of the moments.
///
/// With `m`, `v` and `t` as in `Adam`, of a gradient `g ← scale · g` without decay:
/// `p ← (1 - rate · decay) · p - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`.
///
/// Of a gradient that is rows of a table only those rows are stepped, each by its own moments, which rest while it is
/// not looked up; `t` counts every step of the table, and the decay draws on the looked-up rows alone, so that a rare
/// row is not forgotten between two of its steps. PyTorch's `AdamW` refuses such gradients: where every row is looked
/// up, this is the dense step.
///
/// Source: Loshchilov and Hutter 2019, algorithm 2; PyTorch `torch.optim.AdamW`, whose decay is multiplied by the rate.
public final class AdamW: Optimizer {
    /// How slowly the first moment forgets: β₁.
    public let firstMomentDecay: Double
    /// How slowly the second moment forgets: β₂.
    public let secondMomentDecay: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    /// How strongly parameters are drawn to zero, whatever their gradients are.
    public let weightDecay: Double
    private var table: StateTable

    /// An optimizer over groups of parameters.
    public init(
        groups: [ParameterGroup], firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Double = 0.01
    ) {
        self.firstMomentDecay = firstMomentDecay
        self.secondMomentDecay = secondMomentDecay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        table = StateTable(groups, names: ["firstMoment", "secondMoment"], isCounting: true)
    }

    /// An optimizer over parameters that are all treated alike.
    public convenience init(
        _ parameters: [Parameter], firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Double = 0.01
    ) {
        self.init(
            groups: [ParameterGroup("all", parameters)], firstMomentDecay: firstMomentDecay,
            secondMomentDecay: secondMomentDecay, epsilon: epsilon, weightDecay: weightDecay)
    }

    /// What it changes, group behind group.
    public var parameters: [Parameter] { table.parameters }

    /// `firstMoment.N`, `secondMoment.N` and `stepCount.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(gradients, rate: rate, weightDecay: weightDecay) { turn in
            .adam(
                stepCount: turn.stepCount, rate: turn.rate, firstMomentDecay: firstMomentDecay,
                secondMomentDecay: secondMomentDecay, epsilon: epsilon, weightDecay: turn.weightDecay,
                isDecoupled: true, gradientScale: gradientScale)
        }
    }
}
