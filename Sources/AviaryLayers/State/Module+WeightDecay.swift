public import AviaryAutograd
import AviaryTensors

/// A model's parameters, divided by whether weight decay is good for them.
public struct WeightDecaySplit: Sendable {
    /// Weights of products and convolutions, and tables.
    public let decayed: [Parameter]
    /// Biases, and the scales and shifts of norms.
    public let exempt: [Parameter]
}

extension Module {
    /// The common split for weight decay: what has fewer than two axes (biases, norms) is exempt.
    ///
    /// Source: Goyal et al. 2017, section 5.3 (no decay of batch norm's scale and shift); He et al. 2019,
    /// section 3.1 ("no bias decay"); Devlin et al.'s training code exempts layer norms and biases. The rule
    /// by the number of axes is timm's `param_groups_weight_decay`.
    public var weightDecaySplit: WeightDecaySplit {
        let all = parameters
        return WeightDecaySplit(
            decayed: all.filter { $0.value.shape.count >= 2 },
            exempt: all.filter { $0.value.shape.count < 2 })
    }
}
