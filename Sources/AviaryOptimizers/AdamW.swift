public import AviaryAutograd
public import AviaryTensors

/// Adam whose weight decay is kept out of the moments.
///
/// With `m`, `v` and `t` as in `Adam`, of a gradient `g ← scale · g` without decay:
/// `p ← (1 - rate · decay) · p - rate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)`.
///
/// Source: Loshchilov and Hutter 2019, algorithm 2; PyTorch `torch.optim.AdamW`, whose decay is multiplied by the rate.
public final class AdamW: Optimizer {
    /// What it changes.
    public let parameters: [Parameter]
    /// How slowly the first moment forgets: β₁.
    public let firstMomentDecay: Double
    /// How slowly the second moment forgets: β₂.
    public let secondMomentDecay: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    /// How strongly parameters are drawn to zero, whatever their gradients are.
    public let weightDecay: Double
    private var table: StateTable

    /// An optimizer over `parameters`.
    public init(
        _ parameters: [Parameter], firstMomentDecay: Double = 0.9, secondMomentDecay: Double = 0.999,
        epsilon: Double = 1e-8, weightDecay: Double = 0.01
    ) {
        self.parameters = parameters
        self.firstMomentDecay = firstMomentDecay
        self.secondMomentDecay = secondMomentDecay
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        table = StateTable(parameters, names: ["firstMoment", "secondMoment"], isCounting: true)
    }

    /// `firstMoment.N`, `secondMoment.N` and `stepCount.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(parameters, gradients) { parameter, gradient, row in
            parameter.steppedByAdam(
                gradient: gradient, moments: row.tensors, stepCount: row.stepCount, rate: rate,
                firstMomentDecay: firstMomentDecay, secondMomentDecay: secondMomentDecay, epsilon: epsilon,
                weightDecay: weightDecay, isDecoupled: true, gradientScale: gradientScale)
        }
    }
}
