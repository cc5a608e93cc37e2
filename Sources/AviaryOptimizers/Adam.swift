public import AviaryAutograd
public import AviaryTensors

/// Steps as long as the gradient's average is against its average size.
///
/// With gradient `g`, parameter `p`, moments `m` and `v` (zero at first) and `t` the parameter's steps, this one
/// included:
/// `g ← scale · g + decay · p`, `m ← β₁ · m + (1 - β₁) · g`, `v ← β₂ · v + (1 - β₂) · g²`,
/// `p ← p - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`.
/// The decay is part of the gradient here (L2); `AdamW` keeps it apart.
///
/// Of a gradient that is rows of a table only those rows are stepped, each by its own moments, which rest while it is
/// not looked up; `t` counts every step of the table. As in PyTorch's `SparseAdam` ε is there added before the
/// correction: `p ← p - rate · √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)`. Decay, which `SparseAdam` has not, draws on the
/// looked-up rows alone.
///
/// Source: Kingma and Ba 2015, algorithm 1; PyTorch `torch.optim.Adam`, whose ε stands outside the root.
public final class Adam: Optimizer {
    /// How slowly the first moment forgets: β₁.
    public let firstMomentDecay: Double
    /// How slowly the second moment forgets: β₂.
    public let secondMomentDecay: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    /// How strongly parameters are drawn to zero, through their gradient.
    public let weightDecay: Double
    private var table: StateTable

    /// An optimizer over groups of parameters.
    public init(
        groups: [ParameterGroup], firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Double = 0
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
        epsilon: Double = 1e-8, weightDecay: Double = 0
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
                secondMomentDecay: secondMomentDecay, epsilon: epsilon,
                epsilonPlace: turn.isSparse ? .uncorrectedRoot : .correctedRoot,
                weightDecay: turn.weightDecay, isDecoupled: false, gradientScale: gradientScale)
        }
    }
}
