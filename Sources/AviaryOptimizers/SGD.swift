public import AviaryAutograd
public import AviaryTensors

/// Stochastic gradient descent with momentum.
///
/// With gradient `g`, parameter `p` and buffer `m` (zero at first):
/// `g ← scale · g + decay · p`, `m ← momentum · m + g`, `p ← p - rate · m`, or with Nesterov's form
/// `p ← p - rate · (g + momentum · m)`. The rule is PyTorch's with dampening 0.
///
/// Source: Sutskever et al. 2013 (Nesterov's form); PyTorch `torch.optim.SGD`.
public final class SGD {
    /// How much of the last step is kept.
    public let momentum: Double
    /// How strongly parameters are drawn to zero.
    public let weightDecay: Double
    /// Whether the step looks ahead along the momentum.
    public let isNesterov: Bool
    private let parameters: [Parameter]
    private var buffers: [Tensor]

    /// An optimizer over `parameters`.
    public init(
        _ parameters: [Parameter], momentum: Double = 0, weightDecay: Double = 0, isNesterov: Bool = false
    ) {
        self.parameters = parameters
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.isNesterov = isNesterov
        buffers = parameters.map { .zeros($0.value.shape) }
    }

    /// The momentum of each parameter, in their order; set it to resume.
    public var state: [Tensor] {
        get { buffers }
        set {
            guard newValue.map(\.shape) == buffers.map(\.shape) else {
                fatalError("SGD: the state's shapes are not those of its parameters")
            }
            buffers = newValue
        }
    }

    /// Changes every parameter that has a gradient; each gradient is multiplied by `gradientScale` first.
    public func step(_ gradients: Gradients, rate: Double, gradientScale: Double = 1) {
        for (index, parameter) in parameters.enumerated() {
            guard let gradient = gradients[parameter] else { continue }
            let (value, buffer) = parameter.value.steppedBySGD(
                gradient: gradient, buffer: buffers[index], rate: rate, momentum: momentum,
                weightDecay: weightDecay, gradientScale: gradientScale, isNesterov: isNesterov)
            parameter.value = value
            buffers[index] = buffer
        }
    }
}
