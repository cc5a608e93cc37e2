public import AviaryAutograd
public import AviaryLayers
public import AviaryTensors

/// The multilayer perceptron of two hidden layers: linear, ReLU, linear, sigmoid, linear.
///
/// Keys as a PyTorch `Sequential` has them: `layers.0`, `layers.2`, `layers.4`.
public struct MLP: Layer {
    /// Into the first hidden layer.
    public let first: Linear
    /// Into the second.
    public let second: Linear
    /// Into the classes.
    public let third: Linear

    /// The places of the linear layers among the activations.
    public static let stateKeys = ["first": "layers.0", "second": "layers.2", "third": "layers.4"]

    /// A perceptron `inputs → hidden → hidden → classes`.
    public init(inputs: Int = 784, hidden: Int = 128, classes: Int = 10, random stream: inout RandomStream) {
        first = Linear(inputs, hidden, random: &stream)
        second = Linear(hidden, hidden, random: &stream)
        third = Linear(hidden, classes, random: &stream)
    }

    /// `[N, …]` with `inputs` numbers a row to logits `[N, classes]`.
    public func callAsFunction(_ x: Variable) -> Variable {
        third(sigmoid(second(relu(first(x.flattened)))))
    }
}
