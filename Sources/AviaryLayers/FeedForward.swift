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
/// The first one's bias is added where the activation is applied: its product goes through memory once, not three
/// times.
///
/// Source: Vaswani et al. 2017, section 3.3.
func feedForward(
    _ x: Variable, _ first: Linear, _ activation: FeedForwardActivation, _ dropout: Dropout, _ second: Linear
) -> Variable {
    let product = linear(x, weight: x.pass.use(first.weight), bias: nil)
    let bias = first.bias.map { x.pass.use($0) } ?? x.pass.input(.zeros([product.shape.last ?? 0]))
    return second(
        biasActivation(
            product, bias: bias, activation: activation.activation, dropout: dropout.probability))
}
