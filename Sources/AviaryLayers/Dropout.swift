public import AviaryAutograd

/// Sets elements to zero at random in training; the identity in evaluation.
///
/// Source: Srivastava et al. 2014; as PyTorch's `Dropout` it has no state.
public struct Dropout: Layer {
    let probability: Double

    /// A layer that drops each element with this probability.
    public init(_ probability: Double = 0.5) {
        self.probability = probability
    }

    /// Any shape to the same.
    public func callAsFunction(_ x: Variable) -> Variable { dropout(x, probability: probability) }
}
