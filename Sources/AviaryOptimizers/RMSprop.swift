public import AviaryAutograd
public import AviaryTensors

/// Steps along the gradient divided by its recent size.
///
/// With gradient `g`, parameter `p`, and averages `v`, `a` and momentum `m` (zero at first):
/// `g ← scale · g + decay · p`, `v ← α · v + (1 - α) · g²`, `d ← √v + ε`, `p ← p - rate · g / d`.
/// Centered: `a ← α · a + (1 - α) · g`, `d ← √(v - a²) + ε`. With momentum: `m ← momentum · m + g / d`,
/// `p ← p - rate · m`.
///
/// Where rounding leaves `v - a²` below zero it counts as zero; PyTorch's parameters become NaN there.
///
/// Of a gradient that is rows of a table only those rows are stepped, each by its own averages and momentum, which rest
/// while it is not looked up; the decay draws on those rows alone. PyTorch's refuses such gradients: where every row is
/// looked up, this is the dense step.
///
/// Source: Tieleman and Hinton 2012 (lecture 6.5), Graves 2013, equations 38 to 45 (centered); PyTorch
/// `torch.optim.RMSprop`.
public final class RMSprop: Optimizer {
    /// How slowly the averages forget: α.
    public let smoothing: Double
    /// Keeps the quotient finite where gradients vanish.
    public let epsilon: Double
    /// How much of the last step is kept.
    public let momentum: Double
    /// Whether the gradient is divided by its spread instead of its size.
    public let isCentered: Bool
    /// How strongly parameters are drawn to zero, through their gradient.
    public let weightDecay: Double
    private var table: StateTable

    /// An optimizer over groups of parameters.
    public init(
        groups: [ParameterGroup], smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
        isCentered: Bool = false, weightDecay: Double = 0
    ) {
        self.smoothing = smoothing
        self.epsilon = epsilon
        self.momentum = momentum
        self.isCentered = isCentered
        self.weightDecay = weightDecay
        // The order that the kernel takes.
        var names = ["squareAverage"]
        if isCentered { names.append("gradientAverage") }
        if momentum > 0 { names.append("momentum") }
        table = StateTable(groups, names: names)
    }

    /// An optimizer over parameters that are all treated alike.
    public convenience init(
        _ parameters: [Parameter], smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
        isCentered: Bool = false, weightDecay: Double = 0
    ) {
        self.init(
            groups: [ParameterGroup("all", parameters)], smoothing: smoothing, epsilon: epsilon,
            momentum: momentum, isCentered: isCentered, weightDecay: weightDecay)
    }

    /// What it changes, group behind group.
    public var parameters: [Parameter] { table.parameters }

    /// `squareAverage.N` of each parameter; `gradientAverage.N` if centered, `momentum.N` with momentum.
    public var state: [String: Tensor] { table.named }

    /// Takes over such a state, or throws and changes nothing.
    public func restore(_ state: [String: Tensor]) throws(OptimizerStateError) {
        try table.restore(state)
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double) {
        table.step(gradients, rate: rate, weightDecay: weightDecay) { turn in
            .rmsprop(
                rate: turn.rate, smoothing: smoothing, epsilon: epsilon, momentum: momentum,
                isCentered: isCentered, weightDecay: turn.weightDecay, gradientScale: gradientScale)
        }
    }
}
