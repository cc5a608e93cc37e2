public import AviaryAutograd
public import AviaryTensors

/// Stochastic gradient descent with momentum.
///
/// With gradient `g`, parameter `p` and buffer `m` (zero at first):
/// `g ← scale · g + decay · p`, `m ← momentum · m + g`, `p ← p - rate · m`, or with Nesterov's form
/// `p ← p - rate · (g + momentum · m)`. The rule is PyTorch's with dampening 0.
///
/// Source: Sutskever et al. 2013 (Nesterov's form); PyTorch `torch.optim.SGD`.
public final class SGD: Optimizer {
    /// What it changes.
    public let parameters: [Parameter]
    /// How much of the last step is kept.
    public let momentum: Double
    /// How strongly parameters are drawn to zero.
    public let weightDecay: Double
    /// Whether the step looks ahead along the momentum.
    public let isNesterov: Bool
    private var table: StateTable

    /// An optimizer over `parameters`.
    public init(
        _ parameters: [Parameter], momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        self.parameters = parameters
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.isNesterov = isNesterov
        table = StateTable(parameters, names: ["momentum"])
    }

    /// `momentum.N` of each parameter.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(parameters, gradients) { parameter, gradient, row in
            let (value, buffer) = parameter.steppedBySGD(
                gradient: gradient, buffer: row.tensors[0], rate: rate, momentum: momentum,
                weightDecay: weightDecay, gradientScale: gradientScale, isNesterov: isNesterov)
            return (value, [buffer])
        }
    }
}
