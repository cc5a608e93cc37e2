import AviaryAutograd
import AviaryTensors

/// What a transformer's layer puts between its two linear layers.
public enum FeedForwardActivation: String, Sendable, CaseIterable {
    case relu
    /// By the error function.
    case gelu

    fileprivate var activation: Activation {
        switch self {
        case .relu: .relu
        case .gelu: .gelu
        }
    }
}

/// Two linear layers with an activation and dropout between, the same for every position.
///
/// Source: Vaswani et al. 2017, section 3.3.
func feedForward(
    _ x: Variable, _ first: Linear, _ activation: FeedForwardActivation, _ dropout: Dropout, _ second: Linear
) -> Variable {
    second(first(x, activation: activation.activation, dropout: dropout.probability))
}
