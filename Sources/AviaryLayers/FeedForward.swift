import AviaryAutograd

/// What a transformer's layer puts between its two linear layers.
public enum FeedForwardActivation: String, Sendable, CaseIterable {
    case relu
    /// By the error function.
    case gelu

    func callAsFunction(_ x: Variable) -> Variable {
        switch self {
        case .relu: AviaryAutograd.relu(x)
        case .gelu: AviaryAutograd.gelu(x)
        }
    }
}

/// Two linear layers with an activation between, the same for every position.
///
/// Source: Vaswani et al. 2017, section 3.3.
func feedForward(
    _ x: Variable, _ first: Linear, _ activation: FeedForwardActivation, _ dropout: Dropout, _ second: Linear
) -> Variable {
    second(dropout(activation(first(x))))
}
