public import AviaryAutograd
public import AviaryTensors

/// Stochastic gradient descent with momentum.
///
/// With gradient `g`, parameter `p` and buffer `m` (zero at first):
/// `g ← scale · g + decay · p`, `m ← momentum · m + g`, `p ← p - rate · m`, or with Nesterov's form
/// `p ← p - rate · (g + momentum · m)`. The rule is PyTorch's with dampening 0.
///
/// Of a gradient that is rows of a table only those rows move, with their decay and their momentum: the momentum of the
/// others rests until they are looked up again. Without momentum and decay that is PyTorch's sparse SGD; with momentum
/// PyTorch, unlike here, moves every row on that was ever looked up, and it refuses decay.
///
/// Source: Sutskever et al. 2013 (Nesterov's form); PyTorch `torch.optim.SGD`.
public final class SGD: Optimizer {
    /// How much of the last step is kept.
    public let momentum: Double
    /// How strongly parameters are drawn to zero.
    public let weightDecay: Double
    /// Whether the step looks ahead along the momentum.
    public let isNesterov: Bool
    private var table: StateTable

    /// An optimizer over groups of parameters.
    public init(
        groups: [ParameterGroup], momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.isNesterov = isNesterov
        table = StateTable(groups, names: ["momentum"])
    }

    /// An optimizer over parameters that are all treated alike.
    public convenience init(
        _ parameters: [Parameter], momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        self.init(
            groups: [ParameterGroup("all", parameters)], momentum: momentum, weightDecay: weightDecay,
            isNesterov: isNesterov)
    }

    /// What it changes, group behind group.
    public var parameters: [Parameter] { table.parameters }

    /// `momentum.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(gradients, rate: rate, weightDecay: weightDecay) { turn in
            .sgd(
                rate: turn.rate, momentum: momentum, weightDecay: turn.weightDecay,
                gradientScale: gradientScale, isNesterov: isNesterov)
        }
    }
}
